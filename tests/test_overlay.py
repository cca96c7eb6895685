"""What the preview puts into pages: the page's own policy, widened; script and report where they belong."""

from __future__ import annotations

import html
import re

import pytest

from generator import overlay

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'"
)
SOCKET = "ws://localhost:5500"


def policies(page: bytes) -> list[dict[str, str]]:
    """Every policy of a page, as directives and their sources."""
    found = re.findall(r'content="([^"]*)"', page.decode())
    return [
        dict(directive.strip().partition(" ")[::2] for directive in html.unescape(content).split(";"))
        for content in found
    ]


def with_policy(policy: str) -> dict[str, str]:
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    [found] = policies(overlay.with_reload(meta.encode(), "localhost:5500", 7))
    return found


def test_the_policy_of_the_theme_gains_the_socket_and_nothing_else() -> None:
    assert with_policy(POLICY) == {
        "default-src": "'none'",
        "style-src": "'self'",
        "script-src": "'self'",
        "img-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "connect-src": SOCKET,
    }


@pytest.mark.parametrize(
    ("policy", "directive", "expected"),
    [
        ("default-src 'none'; connect-src 'self'", "connect-src", f"'self' {SOCKET}"),
        ("default-src 'none'; connect-src 'none'", "connect-src", SOCKET),
        ("default-src 'self' https:", "connect-src", f"'self' https: {SOCKET}"),
        ("default-src 'none'; Script-Src 'none'", "script-src", "'self'"),
        ("default-src 'none'; style-src https:", "style-src", "https: 'self'"),
        ("script-src 'self'; script-src *", "script-src", "'self'"),
        ("default-src 'none';;", "default-src", "'none'"),
    ],
)
def test_a_policy_is_widened_by_what_is_put_in(policy: str, directive: str, expected: str) -> None:
    assert with_policy(policy)[directive] == expected


def test_what_a_policy_leaves_open_stays_open() -> None:
    assert with_policy("img-src 'self'") == {"img-src": "'self'"}


@pytest.mark.parametrize(
    "meta",
    [
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        f'<META HTTP-EQUIV="content-security-policy"\n  CONTENT="{POLICY}" />',
        f'<meta content="{POLICY}" http-equiv=Content-Security-Policy>',
        f"<meta http-equiv='Content-Security-Policy' content=\"{html.escape(POLICY)}\">",
    ],
)
def test_the_policy_is_found_however_it_is_written(meta: str) -> None:
    [found] = policies(overlay.with_reload(meta.encode(), "localhost:5500", 7))
    assert found["connect-src"] == SOCKET
    assert found["img-src"] == "'self'"


def test_what_is_escaped_in_a_policy_stays_escaped() -> None:
    odd = "img-src &quot;&gt;&lt;script&gt;"
    page = overlay.with_reload(f'<meta http-equiv=content-security-policy content="{odd}">'.encode(), "a", 7)
    assert odd in page.decode()


def test_other_elements_are_left_alone() -> None:
    page = b'<meta name="description" content="Content-Security-Policy"><p>http-equiv=content-security-policy'
    assert overlay.with_reload(page, "localhost", 7).startswith(page)


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<head><title>a</title></head><body>b</body>", "<head><title>a</title>SCRIPT</head><body>b</body>"),
        ("<HEAD><title>a</title></HEAD ><p>b", "<HEAD><title>a</title>SCRIPT</HEAD ><p>b"),
        ("<title>a</title><p>b", "<title>a</title><p>bSCRIPT"),
        ("", "SCRIPT"),
    ],
)
def test_the_script_stands_in_the_head_or_at_the_end(page: str, expected: str) -> None:
    script = '<script src="/livereload.js?port=5500&amp;snipver=7" defer></script>'
    assert overlay.with_reload(page.encode(), "localhost:5500", 7).decode() == expected.replace(
        "SCRIPT", script
    )


@pytest.mark.parametrize(("host", "port"), [("localhost", "80"), ("127.0.0.1:81", "81"), ("[::1]", "80")])
def test_the_script_is_told_the_port(host: str, port: str) -> None:
    assert f"?port={port}&amp;" in overlay.with_reload(b"", host, 7).decode()


def test_a_page_in_another_encoding_is_kept_byte_for_byte() -> None:
    meta = b"<meta content=\"default-src 'none'; img-src \xff\" http-equiv=content-security-policy>"
    page = overlay.with_reload(b"\xe9" + meta + b"\xff</head>\xfe", "localhost", 7)
    assert page.startswith(b"\xe9<meta")
    assert b"img-src \xff" in page
    assert page.endswith(b"</head>\xfe")


@pytest.mark.parametrize("stands", [True, False])
def test_a_report_is_text(stands: bool) -> None:
    report = "</pre><script>alert(1)</script> & {{ 7 * 7 }}"
    page = overlay.with_report(b"<head></head><body>old</body>", report, 1.25, stands=stands).decode()
    assert html.escape(report, quote=False) in page
    assert "<script" not in page
    assert f'<link rel="stylesheet" href="{overlay.STYLE}"></head><body>old<aside' in page
    assert page.endswith("</aside></body>")
    assert ("the site from before" in page) is stands
