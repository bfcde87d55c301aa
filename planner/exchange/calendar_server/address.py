"""The address of a calendar on a server, and the account for it: neither may carry the other along."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote_to_bytes, urljoin, urlsplit

from planner.exchange.this_machine import is_this_machine
from planner.records.errors import RecordsError

USER_VARIABLE = "PLANNER_CALDAV_USER"
PASSWORD_VARIABLE = "PLANNER_CALDAV_PASSWORD"

_PORTS = {"https": 443, "http": 80}
_PLAIN = "!$&'()*+,;=:@-._~"
"""What may stand in a path as it is (RFC 3986), besides letters and digits."""
_ENCODED_SLASH = re.compile("%2f", re.IGNORECASE)
"""Part of a name, other than the slash between two names."""


class CalendarAddressError(RecordsError, ValueError):
    """An address or an account that cannot be used; the text says what would be right, and repeats no password."""


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where a collection is: scheme, host and port, and a path that ends with a slash."""

    scheme: str
    host: str
    """With the port, where it is not the scheme's own."""
    path: str
    """As it stands in requests: percent-encoded, and of all spellings the one that ``one_spelling`` gives."""

    @property
    def url(self) -> str:
        """The whole address; two spellings of one address are the same text."""
        return f"{self.scheme}://{self.host}{self.path}"

    def below(self, name: str) -> ServerAddress:
        """The collection of this name in this one."""
        return ServerAddress(self.scheme, self.host, f"{self.path}{quote(name, safe=_PLAIN)}/")

    def member(self, name: str) -> str:
        """The path of the object of this name in this collection."""
        return self.path + quote(name, safe=_PLAIN)

    def url_of(self, path: str) -> str:
        """The address of a path on this server."""
        return f"{self.scheme}://{self.host}{path}"

    def path_of(self, href: str) -> str | None:
        """The path that an ``href`` of this server's answers names, as the server spells it; None for what is elsewhere, or no address."""
        try:
            parts = urlsplit(urljoin(self.url, href.strip()))
            if (parts.scheme, _host(parts.hostname, parts.port, parts.scheme)) != (self.scheme, self.host) or not _is_clean(parts.path):
                return None
        except ValueError:
            return None
        return parts.path

    def leads_to(self, location: str) -> ServerAddress:
        """Where a redirect leads. Raises CalendarAddressError where that is another server, which may not have the password."""
        path = self.path_of(location)
        if path is None:
            try:
                other = urlsplit(urljoin(self.url, location)).hostname or "a place without a name"
            except ValueError:
                other = "a place without a name"
            shown = "".join(character for character in other[:80] if character.isprintable())
            raise CalendarAddressError(
                f"{self.host} redirects to {shown}, and the password is for {self.scheme}://{self.host} alone. If that is right, give the "
                "address there."
            )
        return ServerAddress(self.scheme, self.host, _with_slash(one_spelling(path)))


def one_spelling(path: str) -> str:
    """A path as all its spellings come out: the same octets percent-encoded, in the same way, and no names ``.`` and ``..``."""
    octets = (unquote_to_bytes(part) for part in _ENCODED_SLASH.split(path))
    names = list[str]()
    parts = "%2F".join(quote(part, safe="/" + _PLAIN) for part in octets).split("/")
    for number, name in enumerate(parts):
        if name == "..":
            del names[max(1, len(names) - 1) :]
        if name not in (".", ".."):
            names.append(name)
        elif number == len(parts) - 1:
            names.append("")
    return "/".join(names)


def place(path: str) -> str:
    """A path for comparing: servers spell one path in several ways."""
    return one_spelling(path).rstrip("/")


def server_address(text: str) -> ServerAddress:
    """The address that somebody gives.

    Raises CalendarAddressError for what is no address, has a password in it, or is one where passwords could be read on the way.
    """
    given = text.strip()
    try:
        parts = urlsplit(given)
        port = parts.port
    except ValueError:
        raise CalendarAddressError("This is no address. Write https://HOST/PATH/, as the calendar server's help gives it.") from None
    if parts.username is not None or parts.password is not None:
        raise CalendarAddressError(
            f"The address holds an account or a password, which others could read here. Leave it out, and set {USER_VARIABLE} and "
            f"{PASSWORD_VARIABLE}."
        )
    if parts.scheme not in _PORTS or not parts.hostname or not _is_clean(given):
        raise CalendarAddressError("This is no address of a calendar server. Write https://HOST/PATH/, as the server's help gives it.")
    if parts.query or parts.fragment:
        raise CalendarAddressError("The address of a calendar has nothing behind ? or #. Leave that out; a token belongs nowhere in it.")
    if b".." in unquote_to_bytes(parts.path).split(b"/"):
        raise CalendarAddressError("The address has .. in its path. Write the whole path.")
    if parts.scheme == "http" and not is_this_machine(parts.hostname):
        raise CalendarAddressError(
            f"http://{parts.hostname} would send the password and the visits in the open. Give the server's https:// address; http:// is "
            "for a server on this machine alone."
        )
    return ServerAddress(parts.scheme, _host(parts.hostname, port, parts.scheme), _with_slash(one_spelling(parts.path)))


@dataclass(frozen=True, slots=True)
class Credentials:
    """An account at the server; the password is shown nowhere."""

    user: str
    password: str = field(repr=False)


def credentials(environment: Mapping[str, str]) -> Credentials | None:
    """The account that the environment gives, None for none. Raises CalendarAddressError where one half of it is missing."""
    user, password = environment.get(USER_VARIABLE, ""), environment.get(PASSWORD_VARIABLE, "")
    if bool(user) != bool(password):
        here, missing = (USER_VARIABLE, PASSWORD_VARIABLE) if user else (PASSWORD_VARIABLE, USER_VARIABLE)
        raise CalendarAddressError(f"{here} is set and {missing} is not. Set both, or none for a server that asks for no account.")
    if ":" in user or not user.isprintable() or not password.isprintable():
        raise CalendarAddressError(f"{USER_VARIABLE} or {PASSWORD_VARIABLE} holds a character that no account has. Set them again.")
    return Credentials(user, password) if user else None


def _host(name: str | None, port: int | None, scheme: str) -> str:
    shown = (name or "").lower()
    shown = f"[{shown}]" if ":" in shown else shown
    return shown if port is None or port == _PORTS.get(scheme) else f"{shown}:{port}"


def _with_slash(path: str) -> str:
    return path if path.endswith("/") else f"{path}/"


def _is_clean(text: str) -> bool:
    return text.isprintable() and not any(character.isspace() or character in '\\"<>' for character in text)
