"""How often a feed may be asked for, and how often an address may guess."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

MOST_ADDRESSES = 1_000
"""So many are remembered; beyond, all are forgotten, since memory must not grow by being asked."""


@dataclass(frozen=True, slots=True)
class Rates:
    """How many requests a minute are answered."""

    per_feed: int = 120
    """Calendar programs ask a few times an hour."""
    unknown_per_address: int = 30
    """Unknown tokens for which the database is asked; beyond, the same 404 comes from memory."""


class RequestLimits:
    """Counts requests over the last minute, in memory."""

    def __init__(self, rates: Rates) -> None:
        self._per_feed = RateLimitItemPerMinute(rates.per_feed)
        self._unknown = RateLimitItemPerMinute(rates.unknown_per_address)
        self._feeds = _Window()
        self._addresses = _Window()

    def allows(self, feed: str) -> bool:
        """Whether a feed (by its code) may be asked for once more; counts."""
        return self._feeds.hit(self._per_feed, feed)

    def seconds_to_wait(self, feed: str) -> int:
        """After how many whole seconds the feed may be asked for again; at least one."""
        return self._feeds.wait(self._per_feed, feed)

    def allows_unknown(self, address: str) -> bool:
        """Whether the database is asked for one more unknown token from this address; counts."""
        return self._addresses.hit(self._unknown, _network(address))


class _Window:
    """A moving window whose memory is bounded."""

    def __init__(self) -> None:
        self._storage = MemoryStorage()
        self._limiter = MovingWindowRateLimiter(self._storage)

    def hit(self, item: RateLimitItem, who: str) -> bool:
        if len(self._storage.events) > MOST_ADDRESSES:
            # The storage keeps an empty list for whoever asked once.
            self._storage.reset()
        return self._limiter.hit(item, who)

    def wait(self, item: RateLimitItem, who: str) -> int:
        return max(1, math.ceil(self._limiter.get_window_stats(item, who).reset_time - time.time()))


def _network(address: str) -> str:
    """The address; of an IPv6 address its /64, all of which one customer has."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    return str(ip_network((found, 64), strict=False)) if isinstance(found, IPv6Address) else str(found)
