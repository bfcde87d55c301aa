"""A server that runs the screens, and a browser to look at them with.

The browser is ``$CHROMIUM``, else Debian's. Without one the tests that need it are skipped with the reason, and fail where ``CI`` is set.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, NoReturn
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, WebSocket, expect, sync_playwright

from tests.records.databases import copied
from tests.ui.browser import AXE, COUNTS_ANSWERS, wait_until_settled
from tests.ui.screens import demo_screens, no_screens_yet, on_the_day
from tests.ui.server import ROOT, serving

__all__ = ["demo_screens", "no_screens_yet", "on_the_day"]

ENGINE = os.environ.get("SCREENS_ON", "sqlite")
"""The database under the screens: ``postgresql`` in the long tests."""
CHROMIUM = Path(os.environ.get("CHROMIUM") or "/usr/bin/chromium")
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}

OpenPage = Callable[..., Page]

MILLISECONDS_TO_ANSWER = 20_000
"""What a busy machine may take until a page shows what is expected of it."""
expect.set_options(timeout=MILLISECONDS_TO_ANSWER)

HERE = {"127.0.0.1", "localhost", None}
"""The hosts that a page may ask; none is in the address of what the page made itself."""


def skip_or_fail(reason: str) -> NoReturn:
    """Skip with the reason; where ``CI`` is set, nothing may be skipped."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def demo_database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a database with the demonstration, the test's own."""
    url: str = request.getfixturevalue(f"demo_{ENGINE}_url")
    return url


@pytest.fixture(scope="session")
def shared_demo_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a database with the demonstration for all tests of the session that change nothing in it."""
    if ENGINE == "postgresql":
        with copied(request.getfixturevalue("postgresql"), request.getfixturevalue("demo_postgresql_template")) as url:
            yield url
        return
    file = shutil.copy(request.getfixturevalue("demo_sqlite_file"), tmp_path_factory.mktemp("shared") / "planner.sqlite")
    yield f"sqlite:///{file}"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, shared_demo_url: str) -> Iterator[str]:
    """The address of a server that shows the demonstration: for tests that change nothing in it."""
    with serving(tmp_path_factory.mktemp("server") / "log.txt", shared_demo_url) as address:
        yield address


@pytest.fixture
def own_server(tmp_path: Path, demo_database_url: str) -> Iterator[str]:
    """The same for one test alone, which may change what it likes."""
    with serving(tmp_path / "log.txt", demo_database_url) as address:
        yield address


@pytest.fixture
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database that nobody has begun yet, as on a new machine."""
    if ENGINE == "postgresql":
        url: str = request.getfixturevalue("empty_postgresql_url")
        return url
    return f"sqlite:///{tmp_path / 'planner.sqlite'}"


@pytest.fixture
def empty_server(tmp_path: Path, empty_database_url: str) -> Iterator[str]:
    """A server on that database."""
    with serving(tmp_path / "log.txt", empty_database_url) as address:
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


OF_THE_PROVIDER = "https://cdn.jsdelivr.net/npm/@picocss/"
"""What the sign-in page of the tests' identity provider asks for; no page of the planner's does."""


@pytest.fixture
def page_faults() -> Iterator[list[str]]:
    """What went wrong in the pages unseen: requests to other hosts, errors in scripts. A test that expects some takes them out."""
    faults: list[str] = []
    yield faults
    assert faults == []


def watch(context: BrowserContext, faults: list[str]) -> None:
    """Add to the faults what the pages of this context ask of other hosts, and what their scripts do not handle."""

    def asked(address: str) -> None:
        if urlsplit(address).hostname not in HERE and not address.startswith(OF_THE_PROVIDER):
            faults.append(f"asked another host: {address}")

    def connected(socket: WebSocket) -> None:
        asked(socket.url)

    context.on("request", lambda request: asked(request.url))
    context.on("page", lambda page: page.on("websocket", connected))
    context.on("weberror", lambda error: faults.append(f"error in a script: {error.error}"))


@pytest.fixture
def open_page(browser: Browser, server: str, page_faults: list[str]) -> Iterator[OpenPage]:
    """Opens a page of the screens at ``path``, in a session of its own: ``open_page("/subjects", color_scheme="dark", size=PHONE)``.

    ``at`` is another server's address.
    """
    contexts = []

    def open_at(
        path: str = "/",
        color_scheme: Literal["light", "dark"] = "light",
        *,
        size: ViewportSize = DESK,
        language: str = "en-GB",
        at: str | None = None,
    ) -> Page:
        contexts.append(
            browser.new_context(
                base_url=at or server,
                viewport=size,
                color_scheme=color_scheme,
                accept_downloads=True,
                locale=language,
                reduced_motion="reduce",
            )
        )
        contexts[-1].add_init_script(COUNTS_ANSWERS)
        watch(contexts[-1], page_faults)
        page = contexts[-1].new_page()
        page.goto(path)
        wait_until_settled(page)
        return page

    yield open_at
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """The first page, in light colours, settled."""
    return open_page()
