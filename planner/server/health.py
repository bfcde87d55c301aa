"""``/healthz``: whether the database answers."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

from planner.records.errors import RecordsError
from planner.server.log_watch import LogWatch

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

_log = logging.getLogger("planner.server")


class Health:
    """An ASGI application: 200 once the database has answered a query, else 503; the reason is in the log alone."""

    def __init__(self, watch: LogWatch) -> None:
        self._watch = watch

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        response = await self._response(scope["method"])
        await response(scope, receive, send)

    async def _response(self, method: str) -> Response:
        headers = {"Cache-Control": "no-store"}
        if method not in ("GET", "HEAD"):
            return Response(status_code=405, headers={**headers, "Allow": "GET, HEAD"})
        try:
            await self._watch.now()
        except TimeoutError:
            _log.warning("The database did not answer in time.")
        except RecordsError as error:
            _log.warning("The database cannot be used: %s", error)
        else:
            return JSONResponse({"status": "ok"}, headers=headers)
        return JSONResponse({"status": "unavailable"}, status_code=503, headers=headers)
