"""A server that runs the screens, and a browser to look at them with.

The browser is ``$CHROMIUM``, else Debian's. Without one the tests that need it are skipped with the reason, and fail where ``CI`` is set.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, NoReturn

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.ui.browser import AXE, wait_until_settled
from tests.ui.server import ROOT, serving

CHROMIUM = Path(os.environ.get("CHROMIUM") or "/usr/bin/chromium")
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

OpenPage = Callable[..., Page]


def skip_or_fail(reason: str) -> NoReturn:
    """Skip with the reason; where ``CI`` is set, nothing may be skipped."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that shows the screens."""
    with serving(tmp_path_factory.mktemp("server") / "log.txt") as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium without a window."""
    if not CHROMIUM.exists():
        skip_or_fail(f"No Chromium at {CHROMIUM}: install Debian's (apt-get install chromium) or set CHROMIUM to one.")
    if not AXE.exists():
        skip_or_fail(
            f"axe-core is not installed in {AXE.parents[2].relative_to(ROOT)}: it needs Node.js and npm, then `make browser` installs it."
        )
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, server: str) -> Iterator[OpenPage]:
    """Opens a page of the screens at ``path``, in its own session: ``open_page("/", color_scheme="dark")``."""
    contexts = []

    def open_at(path: str = "/", color_scheme: Literal["light", "dark"] = "light") -> Page:
        contexts.append(
            browser.new_context(
                base_url=server,
                viewport={"width": 1280, "height": 800},
                color_scheme=color_scheme,
                accept_downloads=True,
                locale="en-GB",
                reduced_motion="reduce",
            )
        )
        page = contexts[-1].new_page()
        page.goto(path)
        wait_until_settled(page)
        return page

    yield open_at
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """The first screen, in light colours, settled."""
    return open_page()
