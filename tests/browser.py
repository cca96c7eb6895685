"""A real browser over a built site: to start it, serve the site to it, and ask what a reader would see."""

from __future__ import annotations

import functools
import os
import shutil
import threading
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

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


#: Rules that ask what colours text has. The dark changes colours and nothing else, which a test of the
#: sheets holds, so no other rule can say of a page in the dark what it did not say by light.
COLOUR_RULES = ("color-contrast", "link-in-text-block")
#: Rules that ask where things stand and what scrolls: on a phone these differ from page to page.
PLACE_RULES = ("target-size", "scrollable-region-focusable")
#: Widths at which a page is looked at whole: a desk and a phone.
DESK, PHONE = 1280, 390
#: So many pages are worth the start of a second browser.
MANY = 60


def _axe() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def axe_findings(page: Page, *rules: str, without: Collection[str] = (), within: str = "") -> list[str]:
    """What axe-core finds on a page, by some rules or by all: WCAG 2.0 to 2.2, A and AA, best practices.

    `within` is an expression for the elements to look at, in place of the whole page.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_axe())
    # Preloading would fetch the style sheets by script, which the policy of the pages refuses. The size of
    # targets is a rule of WCAG 2.2, AA, which axe leaves out unless asked.
    asked = {"target-size": {"enabled": True}} | {rule: {"enabled": False} for rule in without}
    options = {"resultTypes": ["violations"], "preload": False}
    options |= {"runOnly": rules} if rules else {"rules": asked}
    where = f"{{include: {within}}}" if within else "document"
    result = page.evaluate(f"(options) => axe.run({where}, options)", options)
    return [
        f"{page.url}: {found['id']}: {found['help']}: {found['nodes'][0]['html'][:160]}"
        for found in result["violations"]
    ]


#: Marks elements with text whose colour, size and grounds no earlier element had, and gives what they have.
_NEW_COLOURS = """(seen) => {
    const met = new Set(seen), found = [], grounds = new Map([[null, ""]]);
    const ground = (element) => {
        if (!grounds.has(element)) {
            const {backgroundColor, backgroundImage, opacity, filter} = getComputedStyle(element);
            const own = [backgroundColor, backgroundImage, opacity, filter].join();
            const below = ground(element.parentElement);
            grounds.set(element, below.endsWith(own) ? below : `${below}/${own}`);
        }
        return grounds.get(element);
    };
    window.newColours = [...document.querySelectorAll("body *")].filter((element) => {
        if (![...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim()))
            return element.matches("input, select, textarea");
        if (!element.checkVisibility()) return false;
        const {color, fontSize, fontWeight, textShadow} = getComputedStyle(element);
        const look = [color, fontSize, fontWeight, textShadow, ground(element)].join();
        if (met.has(look)) return false;
        met.add(look);
        found.push(look);
        return true;
    });
    return found;
}"""


def colour_findings(page: Page, seen: set[str]) -> list[str]:
    """What axe-core finds in the colours of a page, of text that looks as no text of `seen` did.

    Contrast takes most of axe's time, and says the same of every row of a list: it is made of nothing but the
    colour and size of a text and the grounds below it.
    """
    seen.update(page.evaluate(_NEW_COLOURS, sorted(seen)))
    if not page.evaluate("() => window.newColours.length"):
        return []
    return axe_findings(page, *COLOUR_RULES, within="window.newColours")


class Seen(NamedTuple):
    """What was seen on the pages of a site."""

    #: What they said in the console, failed at, or asked of another address.
    heard: list[str]
    #: What axe-core finds, at both widths and in both themes.
    findings: list[str]
    #: Pages that scroll sideways, with the width of the window and by how much.
    too_wide: list[str]


def look_at(browser: Browser, home: str, names: Iterable[str], *, closely: Collection[str] = ()) -> Seen:
    """What `look` sees of pages; where they are many, a second browser looks at half of them meanwhile."""
    names = list(names)
    if len(names) < MANY or (os.cpu_count() or 1) < 2:
        return look(browser, home, names, closely)
    # A fresh process: the one that runs Playwright cannot be forked.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        others = pool.submit(_look_apart, home, names[1::2], tuple(closely))
        one, other = look(browser, home, names[::2], closely), others.result()
    return Seen(*(here + there for here, there in zip(one, other, strict=True)))


def _look_apart(home: str, names: list[str], closely: Collection[str]) -> Seen:
    with start_chromium() as browser:
        assert browser is not None
        return look(browser, home, names, closely)


def look(browser: Browser, home: str, names: Iterable[str], closely: Collection[str]) -> Seen:
    """Open each page once, at every width, by light and in the dark.

    Pages looked at closely meet every rule of axe-core at both widths, and the contrast of every text of
    theirs is measured by light and in the dark. They should hold every shape of element that the site has.
    On the others, colours are measured of texts that look as none before them, and a phone is asked where
    things stand: which shapes a narrow window hides or shows was seen on the pages looked at closely.
    """
    findings: list[str] = []
    too_wide: list[str] = []
    looks: set[str] = set()
    with page_of(browser) as page:
        page.add_init_script(_axe())
        heard = Witness(page, home).heard
        for name in names:
            page.goto(home + name)
            near = name in closely
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                if over := overflow(page):
                    too_wide.append(f"{name} at {width}: {over}")
                if width not in (DESK, PHONE):
                    continue
                if near or width == DESK:
                    findings += axe_findings(page, without=COLOUR_RULES)
                else:
                    findings += axe_findings(page, *PLACE_RULES)
                for theme in THEMES:
                    page.emulate_media(color_scheme=theme)
                    at = axe_findings(page, *COLOUR_RULES) if near else colour_findings(page, looks)
                    findings += [f"{theme}, {width}: {finding}" for finding in at]
                page.emulate_media(color_scheme=THEMES[0])
    return Seen(heard, findings, too_wide)


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
