"""What is told from a request's headers and counted of its sender, without a process."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.server import request_limits
from planner.server.request_limits import MOST_ADDRESSES, Rates, RequestLimits
from planner.server.unchanged import is_unchanged

ETAG = '"abc"'
AT = datetime(2026, 3, 2, 12, 0, 0, 900_000, tzinfo=UTC)


def test_a_date_counts_in_whole_seconds() -> None:
    said = format_datetime(AT, usegmt=True)
    assert is_unchanged([], said, ETAG, AT)
    assert not is_unchanged([], format_datetime(AT - timedelta(seconds=1), usegmt=True), ETAG, AT)
    assert is_unchanged([], "Monday, 02-Mar-26 12:00:00 GMT", ETAG, AT)
    assert is_unchanged([], "Mon Mar  2 12:00:00 2026", ETAG, AT)


def test_several_lines_of_tags_are_one_list() -> None:
    assert is_unchanged(['"x"', '"y", "abc"'], None, ETAG, AT)
    assert not is_unchanged(['"x"', '"y, abc"'], None, ETAG, AT)
    assert not is_unchanged(['"x", *'], None, ETAG, AT)


@given(st.lists(st.text(max_size=60), max_size=3), st.none() | st.text(max_size=60))
def test_no_header_breaks_it(tags: list[str], since: str | None) -> None:
    assert is_unchanged(tags, since, ETAG, AT) in (True, False)
    assert is_unchanged([*tags, '"abc"'], since, ETAG, AT) or any('"' in tag for tag in tags)


def test_feeds_are_counted_one_by_one() -> None:
    limits = RequestLimits(Rates(per_feed=3, unknown_per_address=2))
    assert [limits.allows("F1") for _ in range(5)] == [True] * 3 + [False] * 2
    assert limits.allows("F2")
    assert 1 <= limits.seconds_to_wait("F1") <= 60


def test_addresses_are_counted_by_what_one_customer_has() -> None:
    limits = RequestLimits(Rates(per_feed=3, unknown_per_address=2))
    assert [limits.allows_unknown("192.0.2.1") for _ in range(3)] == [True, True, False]
    assert limits.allows_unknown("192.0.2.2")
    ends = [limits.allows_unknown(f"2001:db8:1:2::{number}") for number in (1, 2, 3)]
    assert ends == [True, True, False]
    assert limits.allows_unknown("2001:db8:1:3::1")
    assert [limits.allows_unknown(odd) for odd in ("", "x", "%")] == [True, True, False]


def test_the_past_minute_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = RequestLimits(Rates(per_feed=2))
    began = datetime.now(UTC).timestamp()
    moment = began
    monkeypatch.setattr("time.time", lambda: moment)
    assert limits.allows("F1")
    moment = began + 40
    assert limits.allows("F1") and not limits.allows("F1")
    assert limits.seconds_to_wait("F1") == 20
    moment = began + 61
    assert limits.allows("F1") and not limits.allows("F1")


def test_memory_does_not_grow_by_being_asked() -> None:
    limits = RequestLimits(Rates())
    for number in range(3 * MOST_ADDRESSES):
        limits.allows_unknown(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert len(limits._addresses._storage.events) <= request_limits.MOST_ADDRESSES + 1
