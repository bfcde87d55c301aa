"""The addresses under which a feed is subscribed to."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from planner.exchange.this_machine import is_this_machine
from planner.protocol.said import said

DEFAULT_BASE = "http://127.0.0.1:8501"
"""Where `serve` listens if nothing is said."""
ENVIRONMENT_VARIABLE = "PLANNER_PUBLIC_URL"


class FeedAddressError(ValueError):
    """A base that no feed may have; the text says what would be right."""


@dataclass(frozen=True, slots=True)
class FeedAddress:
    """One file of a feed, with the token in it: shown once, kept nowhere."""

    web: str = field(repr=False)
    """``https://...``, for programs that ask for an address."""
    webcal: str = field(repr=False)
    """``webcal://...``, which opens the calendar program."""


def checked_base(text: str) -> str:
    """The address before ``/feed/``, without a slash at its end. Raises FeedAddressError.

    ``http`` is for this machine alone: elsewhere whoever is on the way would read the token.
    """
    try:
        parts = urlsplit(text.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise FeedAddressError(said("{text!r} is no web address. Write it as https://planner.example.org", text=text[:80])) from None
    if parts.scheme not in ("https", "http") or not host or not text.strip().isascii() or any(mark in text.strip() for mark in " \\<>\"'"):
        raise FeedAddressError(said("{text!r} is no web address. Write it as https://planner.example.org", text=text[:80]))
    if parts.username is not None or parts.query or parts.fragment:
        raise FeedAddressError(said("The address of the planner has no account, ? or # in it. Write it as https://planner.example.org"))
    if parts.scheme == "http" and not is_this_machine(host):
        raise FeedAddressError(
            said("http://{host} would show the feed's secret address to everybody on the way. Write https://{host}", host=host)
        )
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}{'' if port is None else f':{port}'}{parts.path.rstrip('/')}"


def feed_address(base: str, token: str, part: int = 1) -> FeedAddress:
    """The addresses of a part of a feed, under a base as ``checked_base`` gives it."""
    rest = f"{base.partition('://')[2]}/feed/{token}{'' if part == 1 else f'/{part}'}.ics"
    return FeedAddress(f"{base.partition('://')[0]}://{rest}", f"webcal://{rest}")
