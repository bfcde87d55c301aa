"""Pages of other sites kept away from the screens."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response

from planner.server.own_names import OwnNames

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_NOT_FRAMED = {"Content-Security-Policy": "frame-ancestors 'none'", "X-Frame-Options": "DENY"}


class SameOrigin:
    """Answers only under names of its own, refuses WebSockets of pages from elsewhere, lets no such page read an answer or frame it.

    Streamlit would look up this machine's outside address at a foreign host to decide; it never sees an Origin but its own.
    """

    def __init__(self, inner: ASGIApp, names: OwnNames) -> None:
        self._inner = inner
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is of the same origin."""
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        elif scope["type"] == "http":
            await self._request(scope, receive, send)
        else:
            await self._inner(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        if self._is_ours(scope, headers) and not _is_foreign(headers):
            await self._inner(scope, receive, send)
            return
        await receive()
        await send({"type": "websocket.close", "code": 1008})

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        if not self._is_ours(scope, headers):
            await Response(status_code=400)(scope, receive, send)
            return
        if _is_foreign(headers):
            scope = {**scope, "headers": list(scope["headers"])}
            del MutableHeaders(scope=scope)["origin"]

        async def not_framed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": list(message.get("headers", ()))}
                MutableHeaders(scope=message).update(_NOT_FRAMED)
            await send(message)

        await self._inner(scope, receive, not_framed)

    def _is_ours(self, scope: Scope, headers: Headers) -> bool:
        server = scope.get("server")
        return self._names.holds(headers.get("host", ""), server[0] if server else "")


def _is_foreign(headers: Headers) -> bool:
    origin = headers.get("origin")
    if origin is None:
        return False
    try:
        host = urlsplit(origin).netloc
    except ValueError:
        return True
    return not host or host.lower() != headers.get("host", "").lower()
