"""The names and addresses under which the screens are reached."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

_THIS_MACHINE = "localhost"


@dataclass(frozen=True, slots=True)
class OwnNames:
    """What may stand in ``Host``: a page of a foreign name that was made to lead here (DNS rebinding) says that name.

    Always this machine's own, ``localhost`` and its loopback addresses, and the address at which the request came in; ports do not count.
    """

    more: frozenset[str] = frozenset()
    """The public name, and the name at which the process listens; in small letters."""

    def holds(self, host: str, reached_at: str) -> bool:
        """Whether a ``Host`` is one of them; ``reached_at`` is this end's address of the connection."""
        name = _name(host)
        if name in self.more or name == _THIS_MACHINE:
            return True
        try:
            address = ip_address(name)
        except ValueError:
            return False
        return address.is_loopback or name == reached_at.lower()


def own_names(listening_at: str, public_urls: Collection[str]) -> OwnNames:
    """The names of a process that listens at a name or address and is known by these web addresses."""
    names = {listening_at.lower(), *(urlsplit(url).hostname or "" for url in public_urls)}
    return OwnNames(frozenset(names - {""}))


def _name(host: str) -> str:
    """The name or address in a ``Host``, without its port and brackets; "" where it is none."""
    if any(mark in host for mark in "/?#@\\"):
        return ""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
