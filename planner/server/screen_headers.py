"""What the screens' answers say besides their content: the language of the page, and cookies that travel only encrypted."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_WRITTEN = b'<html lang="en"'
_CHINESE = b'<html lang="zh-CN"'
_LONGEST_PAGE = 1_000_000


class ScreenHeaders:
    """Streamlit writes every page as English and cookies without ``Secure``: both are set right here."""

    def __init__(self, inner: ASGIApp, public_urls: Collection[str]) -> None:
        self._inner = inner
        self._encrypted = frozenset(parts.netloc.lower() for url in public_urls if (parts := urlsplit(url)).scheme == "https")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and see to its answer."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        headers = Headers(scope=scope)
        is_encrypted = scope.get("scheme") == "https" or headers.get("host", "").lower() in self._encrypted
        is_chinese = _asks_for_chinese(scope, headers)
        if is_chinese:
            # Only what is not compressed can be rewritten.
            scope = {**scope, "headers": [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]}
        await self._inner(scope, receive, _Answer(send, is_encrypted=is_encrypted, is_chinese=is_chinese))


class _Answer:
    """Sees to one answer while it is sent."""

    def __init__(self, send: Send, *, is_encrypted: bool, is_chinese: bool) -> None:
        self._send = send
        self._is_encrypted = is_encrypted
        self._is_chinese = is_chinese
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        """Send a message on, or keep the parts of a page until it is whole."""
        if message["type"] == "http.response.start":
            message = {**message, "headers": list(message.get("headers", ()))}
            headers = MutableHeaders(scope=message)
            if self._is_encrypted:
                _secure_cookies(message)
            if self._is_chinese and headers.get("content-type", "").startswith("text/html"):
                self._start = message
                return
        elif self._start is not None and message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if message.get("more_body") and len(self._body) < _LONGEST_PAGE:
                return
            await self._send_page(self._start, more=bool(message.get("more_body")))
            self._start = None
            return
        await self._send(message)

    async def _send_page(self, start: Message, *, more: bool) -> None:
        body = self._body.replace(_WRITTEN, _CHINESE, 1)
        headers = MutableHeaders(scope=start)
        del headers["etag"]
        if "content-length" in headers:
            headers["content-length"] = str(int(headers["content-length"]) + len(body) - len(self._body))
        headers.append("vary", "accept-language")
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body, "more_body": more})


def _asks_for_chinese(scope: Scope, headers: Headers) -> bool:
    """By the link, else by what the browser's person reads."""
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("lang")
    return (asked[-1] if asked else headers.get("accept-language", "")).lower().startswith("zh")


def _secure_cookies(message: Message) -> None:
    message["headers"] = [
        (name, value + b"; Secure" if name.lower() == b"set-cookie" and b"; secure" not in value.lower() else value)
        for name, value in message["headers"]
    ]
