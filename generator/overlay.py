"""What the preview puts into a page on its way out: the reload script, and the problems over the page.

In: the bytes of a page as the build wrote them. Out: the bytes for the browser. A page with a content
security policy keeps it, widened by what is put in; nothing is put in that would need an inline script or
style.
"""

from __future__ import annotations

import html
import re

from jinja2 import Environment, StrictUndefined

#: Where the stylesheet is served. A site has no page there: ids hold no underscore.
STYLE = "/_factsheet/overlay.css"
#: The element that holds a policy (CSP Level 3, section 3.3), however its attributes are written.
_POLICY = re.compile(
    rb"""<meta\b(?=[^>]*\bhttp-equiv\s*=\s*["']?content-security-policy["'\s/>])[^>]*>""", re.I
)
_CONTENT = re.compile(r"""(?<=[\s"'])content\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I)


def with_reload(page: bytes, host: str, number: int) -> bytes:
    """Let a page load livereload's script, which waits at a socket of `host` (a name and perhaps a port).

    `number` tells which state of the preview the page shows. The script reads its options from its own
    address, and repeats `snipver`, meant for the version of the snippet, when it connects.
    """
    page = _POLICY.sub(lambda meta: _widened(meta.group(), f"ws://{host}"), page)
    port = re.search(r":(\d+)$", host)
    script = _SCRIPT.render(port=port.group(1) if port else "80", number=number)
    return _insert(page, rb"</head\s*>", script)


def with_report(page: bytes, report: str, seconds: float, *, stands: bool) -> bytes:
    """Put a report over a page. `stands`: the page under it is of a good build, made before."""
    page = _insert(page, rb"</head\s*>", _LINK.render(style=STYLE))
    return _insert(page, rb"</body\s*>", _REPORT.render(report=report, seconds=seconds, stands=stands))


def plain(title: str) -> bytes:
    """Return a page of our own, for when the site has none."""
    return _PLAIN.render(title=title).encode()


def _widened(meta: bytes, socket: str) -> bytes:
    """Return a policy element that allows what it did, our script, our stylesheet and the socket.

    The socket needs its own address: 'self' on a page at http: covers ws: only in newer browsers.
    """

    def widen(content: re.Match[str]) -> str:
        policy = html.unescape(next(filter(None, content.groups()), ""))
        directives: dict[str, list[str]] = {}
        for name, *sources in filter(None, map(str.split, policy.split(";"))):
            directives.setdefault(name.lower(), sources)  # the first of a name counts (2.2.1)
        default = directives.get("default-src")
        for name, source in ("style-src", "'self'"), ("script-src", "'self'"), ("connect-src", socket):
            if (now := directives.get(name, default)) is not None:  # else nothing forbids it
                directives[name] = [*(s for s in now if s.lower() not in ("'none'", source)), source]
        written = "; ".join(" ".join((name, *sources)) for name, sources in directives.items())
        return f'content="{html.escape(written)}"'

    return _CONTENT.sub(widen, meta.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def _insert(page: bytes, before: bytes, part: str) -> bytes:
    """Put a part before an end tag, or at the end of a page that leaves the tag out, as HTML allows."""
    tag = re.search(before, page, re.I)
    at = tag.start() if tag else len(page)
    return page[:at] + part.encode() + page[at:]


_templates = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)

_SCRIPT = _templates.from_string(
    """<script src="/livereload.js?port={{ port }}&amp;snipver={{ number }}" defer></script>"""
)
_LINK = _templates.from_string("""<link rel="stylesheet" href="{{ style }}">""")
_REPORT = _templates.from_string(
    """<aside class="factsheet-report" lang="en" dir="ltr" aria-label="Problems"><details open>
<summary>The last build found problems{{ "; the page is of the site from before" if stands }}</summary>
<pre>{{ report }}</pre>
<p>{{ "%.2f" | format(seconds) }} s</p>
</details></aside>
"""
)
_PLAIN = _templates.from_string(
    """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'">
<meta name="viewport" content="width=device-width"><title>{{ title }}</title></head>
<body><h1>{{ title }}</h1></body></html>
"""
)

#: Classes of our own only, and `revert` for what the theme says of bare elements.
CSS = """\
.factsheet-report, .factsheet-report * { all: revert; }
.factsheet-report {
  position: fixed; inset: auto 0 0 0; z-index: 2147483647; max-height: 70vh; overflow: auto;
  box-sizing: border-box; padding: 12px 24px; border-top: 4px solid #b0261c; color-scheme: light dark;
  background: Canvas; color: CanvasText; font: 15px/1.5 system-ui, sans-serif;
}
.factsheet-report summary { font-weight: bold; cursor: pointer; }
.factsheet-report pre {
  font: 13px/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere;
}
@media print { .factsheet-report { display: none; } }
"""
