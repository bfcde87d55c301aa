"""The page that is shown where none is named, under its name as well: Streamlit knows it by the empty path alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from planner.ui.places import FIRST

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class FirstPage:
    """Leads ``/today?site=BEI`` to ``/?site=BEI``, relatively, so that it holds behind a proxy too."""

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass any other request on."""
        if scope["type"] != "http" or scope["path"] != f"/{FIRST}" or scope["method"] not in ("GET", "HEAD"):
            await self._inner(scope, receive, send)
            return
        query = scope["query_string"].decode("latin-1")
        await Response(status_code=307, headers={"location": f"./?{query}" if query else "./"})(scope, receive, send)
