"""A real browser over a built site: how to start it, serve the site to it, and ask what a reader would see.

As a program it takes pictures of one page of each kind, and prints it:  python tests/browser.py output .shots
"""

from __future__ import annotations

import functools
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
WIDTHS = (320, 390, 768, 1280, 1920)
#: The site is served from below the root, as most free hosts do it.
FOLDER = "/some/folder"

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_MACOS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
# No sandbox: tests often run as root, where Chromium has none. The rest keeps it off the network.
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium() -> str | None:
    """Path of a Chromium on this machine; None when there is none."""
    found = (shutil.which(name) for name in _NAMES)
    return next((path for path in (*found, *_MACOS) if path and Path(path).exists()), None)


@contextmanager
def start_chromium() -> Iterator[Browser | None]:
    """A headless Chromium while the context lasts; None when this machine has none."""
    from playwright.sync_api import sync_playwright

    path = find_chromium()
    if path is None:
        yield None
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield browser
        browser.close()


class _Handler(SimpleHTTPRequestHandler):
    """The site below FOLDER, and nothing elsewhere."""

    protocol_version = "HTTP/1.1"

    def translate_path(self, path: str) -> str:
        if not path.startswith(f"{FOLDER}/"):
            return str(Path(self.directory) / "nothing here")
        return super().translate_path(path.removeprefix(FOLDER))

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: tests read what the browser says."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder, served on this machine while the context lasts; it ends in `/`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{FOLDER}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def page_of(
    browser: Browser, *, width: int = 1280, theme: Theme = "light", scripts: bool = True
) -> Iterator[Page]:
    """A fresh page of its own, with nothing kept from the one before; it goes when the context ends."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=theme,
        java_script_enabled=scripts,
        reduced_motion="reduce",
    )
    try:
        yield context.new_page()
    finally:
        context.close()


class Witness:
    """Keeps what pages say in the console, fail at, or ask of an address other than the site's."""

    def __init__(self, page: Page, home: str) -> None:
        self.heard: list[str] = []
        page.on(
            "console", lambda said: self.heard.append(f"{page.url}: {said.type}: {said.text} {said.location}")
        )
        page.on("pageerror", lambda error: self.heard.append(f"{page.url}: {error}"))
        page.on("requestfailed", lambda lost: self._lost(page, lost.url, lost.failure))
        page.on("request", lambda asked: self._asked(page, asked.url, home))

    def _lost(self, page: Page, address: str, why: str | None) -> None:
        # The icon is fetched after the page has loaded, so going on to the next page may cut it short.
        if why != "net::ERR_ABORTED":
            self.heard.append(f"{page.url}: did not load {address}: {why}")

    def _asked(self, page: Page, address: str, home: str) -> None:
        if not address.startswith(home):
            self.heard.append(f"{page.url}: asked for {address}")


def axe_findings(page: Page, *rules: str) -> list[str]:
    """What axe-core finds on a page, by some rules or by all: WCAG 2.0 to 2.2, A and AA, best practices."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    # Preloading would fetch the style sheets by script, which the policy of the pages refuses.
    options = {"resultTypes": ["violations"], "preload": False} | ({"runOnly": rules} if rules else {})
    result = page.evaluate("(options) => axe.run(document, options)", options)
    return [
        f"{page.url}: {found['id']}: {found['help']}: {found['nodes'][0]['html'][:160]}"
        for found in result["violations"]
    ]


def overflow(page: Page) -> int:
    """By how many CSS pixels a page is wider than its window; 0 when nothing scrolls sideways."""
    return int(page.evaluate("() => document.scrollingElement.scrollWidth - innerWidth"))


def in_view(page: Page, selector: str) -> bool:
    """Whether some of the first match lies in the window and is shown."""
    return bool(
        page.eval_on_selector(
            selector,
            """(element) => {
                const box = element.getBoundingClientRect();
                return element.checkVisibility() && box.width > 0 && box.height > 0
                    && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
            }""",
        )
    )


def read_words(page: Page) -> list[str]:
    """The words a reader sees in the main part of a page, controls apart."""
    return str(
        page.evaluate(
            """() => {
                for (const control of document.querySelectorAll("form, button, output, [role=status]"))
                    control.remove();
                return document.querySelector("main").innerText;
            }"""
        )
    ).split()


def take_pictures(folder: Path, into: Path) -> None:
    """For each kind of page: pictures wide and narrow, light and dark, and what a printer would make."""
    from site_checks import Demo

    into.mkdir(exist_ok=True)
    names = {name: name.removesuffix(".html").replace("/", "-") for name in Demo(folder).kinds.values()}
    with start_chromium() as browser, served(folder) as home:
        if browser is None:
            raise SystemExit("no Chromium; bring it with: apt-get install chromium")
        for width, theme in product((1280, 390), THEMES):
            with page_of(browser, width=width, theme=theme) as page:
                for name, short in names.items():
                    page.goto(home + name)
                    page.screenshot(path=into / f"{short}-{width}-{theme}.png", full_page=True)
        with page_of(browser) as page:
            for name, short in names.items():
                page.goto(home + name)
                page.pdf(path=into / f"{short}-print.pdf", prefer_css_page_size=True)
    print(f"{len(names)} kinds of pages, five pictures of each, in {into}")


if __name__ == "__main__":
    take_pictures(Path(sys.argv[1]), Path(sys.argv[2]))
