"""A calendar server as caldav speaks to it, with every refusal and every nonsense as a sentence."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from caldav.davclient import DAVClient
from caldav.lib import error as caldav_error
from caldav.lib.python_utilities import WireBytes
from niquests.auth import HTTPDigestAuth

from planner.exchange.calendar_server.address import PASSWORD_VARIABLE, USER_VARIABLE, Credentials, ServerAddress
from planner.exchange.calendar_server.bounded_session import MULTI_STATUS, BoundedDigest, BoundedSession, Deadline
from planner.exchange.calendar_server.multistatus import Resource, resources, strong
from planner.exchange.calendar_server.server_error import refused, unusable

UNAUTHORISED, FORBIDDEN = 401, 403
_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answers."""

    status: int
    etag: str = ""
    location: str = ""
    resources: tuple[Resource, ...] = ()
    """Of a multi-status."""


class CalendarServer:
    """One server for one run."""

    def __init__(self, address: ServerAddress, account: Credentials | None, deadline: Deadline) -> None:
        """Nothing is sent yet."""
        _keep_quiet()
        self.address = address
        self.host = address.host
        self._account = account
        user, password = (account.user, account.password) if account is not None else (None, None)
        self._client = _Client(url=address.url, username=user, password=password, enable_rfc6764=False)
        self._client.session.close()
        self._client.session = BoundedSession(address.host, deadline)  # type: ignore[assignment]  # all that caldav uses of one

    def close(self) -> None:
        """Close the line."""
        self._client.session.close()

    def ask(self, method: str, url: str, body: bytes = b"", **headers: str) -> Reply:
        """The answer of the server, which may be a refusal; ``_`` in the names of headers stands for ``-``.

        Raises CalendarServerError where nothing more can be asked of it: it is not reached, accepts no account, says to wait, or answers
        with nonsense.
        """
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            # caldav sends these bytes as they are, though its annotations speak of text.
            response = self._client.request(url, method, WireBytes(body) if body else "", named)  # type: ignore[arg-type]
        except caldav_error.RateLimitError as error:
            raise unusable(self.host, f"is asked too much at the moment (HTTP {error.status}); try again {_wait(error)}") from None
        except caldav_error.AuthorizationError as error:
            if error.status == FORBIDDEN:
                return Reply(FORBIDDEN)
            if self._account is None:
                raise unusable(self.host, f"asks for an account; set {USER_VARIABLE} and {PASSWORD_VARIABLE}") from None
            raise refused(self.host, UNAUTHORISED) from None
        except NotImplementedError:
            raise unusable(self.host, "asks to sign in by other ways than an account and a password (Basic or Digest)") from None
        if response.status == MULTI_STATUS and response.tree is None:
            raise unusable(self.host, "answers with something that is no XML; is the address that of a calendar?")
        found = tuple(resources(response.tree)) if response.status == MULTI_STATUS else ()
        etag, location = (str(response.headers.get(name, "")) for name in ("ETag", "Location"))
        return Reply(int(response.status), strong(etag), location, found)


def _wait(error: caldav_error.RateLimitError) -> str:
    seconds = error.retry_after_seconds
    return f"in {seconds:.0f} seconds" if seconds is not None and 0 <= seconds <= _A_DAY else "later"


class _Client(DAVClient):
    def build_auth_object(self, auth_types: list[str] | None = None) -> None:
        """Sign in as the server asks for it, by Digest within bounds."""
        super().build_auth_object(auth_types)
        if isinstance(self.auth, HTTPDigestAuth):
            self.auth = BoundedDigest(self.auth.username, self.auth.password)


def _keep_quiet() -> None:
    """What the libraries log holds addresses and whole events, so it reaches no log of the planner's."""
    caldav_error.debug_dump_communication = False
    # caldav.response asks for its own level, and where that is unset it logs whole answers by the root logger.
    for name in ("caldav", "caldav.response", "niquests", "urllib3", "urllib3_future"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
