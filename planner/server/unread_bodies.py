"""An answer that comes before the whole request was read ends the connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_CLOSE = (b"connection", b"close")


class UnreadBodies:
    """Reads no body on behalf of an application that did not ask for it: feeds and the health check never do.

    uvicorn would read and throw away the rest, however long that takes, and keep the connection.
    """

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and close where its body is not read when the answer begins."""
        if scope["type"] != "http" or not _has_body(scope):
            await self._inner(scope, receive, send)
            return
        is_read = False

        async def heard() -> Message:
            nonlocal is_read
            message = await receive()
            is_read = is_read or (message["type"] == "http.request" and not message.get("more_body", False))
            return message

        async def answered(message: Message) -> None:
            if message["type"] == "http.response.start" and not is_read and _CLOSE not in message.get("headers", ()):
                message = {**message, "headers": [*message.get("headers", ()), _CLOSE]}
            await send(message)

        await self._inner(scope, heard, answered)


def _has_body(scope: Scope) -> bool:
    return any(name == b"transfer-encoding" or (name == b"content-length" and value != b"0") for name, value in scope["headers"])
