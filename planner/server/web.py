"""The application that the web process serves: feeds and the health check first, the screens behind them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Mount

from planner.records.store.live_database import LiveDatabase
from planner.server.feed_answers import FeedAnswers
from planner.server.feed_cache import FeedCache
from planner.server.feed_source import FeedSource
from planner.server.first_page import FirstPage
from planner.server.health import Health
from planner.server.log_watch import LogWatch
from planner.server.own_names import OwnNames
from planner.server.request_limits import RequestLimits
from planner.server.same_origin import SameOrigin
from planner.server.screen_headers import ScreenHeaders
from planner.server.unread_bodies import UnreadBodies
from planner.server.use_notes import UseNotes
from planner.ui.screens import screens

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

MOST_OCTETS_OF_A_HEAD = 16 * 1024
"""Of a request's address and headers together."""
SECONDS_FOR_A_LOOK = 3
SECONDS_FOR_A_FILE = 30


def web_app(source: FeedSource, names: OwnNames, on_ready: Callable[[], None], public_urls: Collection[str] = ()) -> ASGIApp:
    """The whole application; ``names``: those under which the screens answer; ``on_ready`` is called once it does.

    Feeds are not routes of Streamlit's: it would compress them, and Outlook does not read that.
    """
    database = LiveDatabase(source.database_url)
    cache = FeedCache(database, source.install_key, SECONDS_FOR_A_FILE)
    watch = LogWatch(database, SECONDS_FOR_A_LOOK, cache.forget_all_but)
    feeds = FeedAnswers(watch, cache, RequestLimits(source.rates), UseNotes(database), source.clock)
    app = screens()
    screens_run = app.lifespan()

    @asynccontextmanager
    async def lifespan(parent: Starlette) -> AsyncIterator[None]:
        async with screens_run(parent):
            on_ready()
            yield
        database.close()

    rest = Starlette(routes=[Mount("/", app=SameOrigin(ScreenHeaders(FirstPage(app), public_urls), names))], lifespan=lifespan)
    return UnreadBodies(_Front(feeds, Health(watch), rest))


@dataclass(frozen=True, slots=True)
class _Front:
    """Sends each request where it belongs. By hand: a router has answers of its own for paths that look odd to it."""

    feeds: ASGIApp
    health: ASGIApp
    rest: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        await self._for(scope)(scope, receive, send)

    def _for(self, scope: Scope) -> ASGIApp:
        if scope["type"] == "http":
            # uvicorn counts only what comes in pieces.
            if len(scope["raw_path"]) + sum(len(name) + len(value) for name, value in scope["headers"]) > MOST_OCTETS_OF_A_HEAD:
                return Response(status_code=431)
            if _is_of_feeds(scope["path"]):
                return self.feeds
            if scope["path"] == "/healthz":
                return self.health
        return self.rest


def _is_of_feeds(path: str) -> bool:
    """Also ``/FEED/...`` and ``/./feed/...``, which are no feeds: the screens have no such path, and would show a page."""
    return "feed" in path.lower().replace("\\", "/").split("/")
