"""``/feed/{token}.ics`` and ``/feed/{token}/2.ics``: what a subscribed calendar program gets."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.responses import Response

from planner.exchange.feed import FeedPart
from planner.records.errors import RecordsError
from planner.records.feeds.feed import Feed
from planner.records.store.live_database import NoDatabaseYetError
from planner.server.feed_cache import FeedCache
from planner.server.log_watch import LogWatch
from planner.server.request_limits import RequestLimits
from planner.server.unchanged import is_unchanged
from planner.server.use_notes import UseNotes

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

SECONDS_TO_COME_BACK = 30
"""What Retry-After says while the database cannot be used."""
FRESH_SECONDS = 5
"""Who asks for too many unknown tokens is answered from what was known so long ago at most: others behind the same address may come with
new feeds."""
MAX_AGE = 60
"""Seconds for which a client need not ask again."""
_ADDRESS = re.compile(r"/feed/([A-Za-z0-9_-]{43})(?:/([2-9]|[1-9][0-9]))?\.ics")
_ALWAYS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}

_log = logging.getLogger("planner.server")


class FeedAnswers:
    """An ASGI application for every address under ``/feed``: a file, or a bare status that tells nothing."""

    def __init__(self, watch: LogWatch, cache: FeedCache, limits: RequestLimits, notes: UseNotes, clock: Callable[[], datetime]) -> None:
        self._watch = watch
        self._cache = cache
        self._limits = limits
        self._notes = notes
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        response = await self._response(scope)
        await response(scope, receive, send)

    async def _response(self, scope: Scope) -> Response:
        try:
            return await self._found(scope)
        except NoDatabaseYetError:
            return _bare(404)
        except (RecordsError, TimeoutError) as error:
            _log.warning("A feed could not be answered: %s", type(error).__name__)
            return _bare(503, SECONDS_TO_COME_BACK)
        except Exception as error:
            # The message of an unforeseen exception may hold a token or a subject's data, so only its kind and place are logged.
            _log.error("A feed failed: %s\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
            return _bare(500)

    async def _found(self, scope: Scope) -> Response:
        token, number = _token_and_part(scope)
        feed = self._watch.last.feed_of(token)
        if feed is None:
            client = scope.get("client")
            if not self._limits.allows_unknown(client[0] if client else "") and self._watch.seconds_since < FRESH_SECONDS:
                return _bare(404)
        elif not self._limits.allows(feed.code):
            return _bare(429, self._limits.seconds_to_wait(feed.code))
        state = await self._watch.now()
        feed = state.feed_of(token)
        if feed is None:
            return _bare(404)
        now = self._clock()
        parts = await self._cache.parts(feed, state.end, now)
        if number > len(parts):
            return _bare(404)
        self._notes.note(feed.code, now)
        return _file(feed, parts[number - 1], number, Headers(scope=scope), now)


def _token_and_part(scope: Scope) -> tuple[str, int]:
    """The token and the number of the part; the token "" for whatever is no feed's address, so that it takes the same way."""
    match = _ADDRESS.fullmatch(scope["path"])
    if match is None or scope["method"] not in ("GET", "HEAD"):
        return "", 1
    return match[1], int(match[2] or 1)


def _file(feed: Feed, part: FeedPart, number: int, headers: Headers, now: datetime) -> Response:
    name = "windows" if feed.event == "window" else "visits"
    told = {
        **_ALWAYS,
        "Cache-Control": f"private, max-age={MAX_AGE}",
        "ETag": part.etag,
        # Never later than this moment: within the second of a change a client is told the one before, and gets the file once more.
        "Last-Modified": format_datetime(min(part.last_modified, now.astimezone(UTC).replace(microsecond=0)), usegmt=True),
    }
    if is_unchanged(headers.getlist("if-none-match"), headers.get("if-modified-since"), part.etag, part.last_modified):
        return Response(status_code=304, headers=told)
    # The name is the same for everybody: it ends up in download folders.
    told["Content-Disposition"] = f'inline; filename="{name}{"" if number == 1 else f"-{number}"}.ics"'
    told["Content-Type"] = "text/calendar; charset=utf-8"
    return Response(part.body, headers=told)


def _bare(status: int, retry_after: int | None = None) -> Response:
    headers = {**_ALWAYS, "Cache-Control": "no-store"}
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    return Response(status_code=status, headers=headers)
