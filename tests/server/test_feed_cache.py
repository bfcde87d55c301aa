"""Files of feeds are built once for all that ask, kept while they hold, and never take more memory than they may."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime

import pytest

from planner.exchange import feed
from planner.exchange.feed import FeedPart
from planner.records.changes import acts
from planner.records.facts.fact import SubjectKey
from planner.records.feeds.granting import revoke_feed
from planner.records.people.administration import append_administration, set_site
from planner.records.people.settings import read_settings
from planner.records.store.database import DatabaseError
from planner.records.store.live_database import LiveDatabase
from planner.server import feed_cache
from planner.server.feed_cache import FeedCache
from planner.server.log_watch import LogWatch, look
from planner.server.threads import in_thread
from planner.server.unchanged import is_unchanged
from tests.records.desk import someone
from tests.server.clinic import Clinic
from tests.server.serving import KEY

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SECONDS = 30


@pytest.fixture
def live(clinic: Clinic) -> Iterator[LiveDatabase]:
    opened = LiveDatabase(str(clinic.database.url))
    yield opened
    opened.close()


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The codes of the feeds that were built; each build takes a moment, and no feed may be built twice at once."""
    real, built, busy = feed_cache.feed_parts, list[str](), set[str]()
    lock = threading.Lock()

    def counted(connection, settings, feed, now, key):  # type: ignore[no-untyped-def]
        with lock:
            assert feed.code not in busy
            busy.add(feed.code)
        time.sleep(0.05)
        try:
            return real(connection, settings, feed, now, key)
        finally:
            with lock:
                busy.discard(feed.code)
                built.append(feed.code)

    monkeypatch.setattr(feed_cache, "feed_parts", counted)
    return built


def cached(live: LiveDatabase, most_octets: int = feed_cache.MOST_OCTETS) -> tuple[FeedCache, LogWatch]:
    return FeedCache(live, KEY.encode(), SECONDS, most_octets), LogWatch(live, SECONDS)


async def parts_now(cache: FeedCache, watch: LogWatch, issued, now: datetime = NOW) -> tuple[FeedPart, ...]:  # type: ignore[no-untyped-def]
    return await cache.parts(issued.feed, (await watch.now()).end, now)


def test_many_that_ask_at_once_share_one_build(clinic: Clinic, live: LiveDatabase, builds: list[str]) -> None:
    feeds = [clinic.feed(), clinic.feed("subject", "PEK-001")]

    async def ask() -> None:
        cache, watch = cached(live)
        found = await asyncio.gather(*(parts_now(cache, watch, feeds[number % 2]) for number in range(100)))
        assert all(found[number] is found[number % 2] for number in range(100))
        await parts_now(cache, watch, feeds[0])

    asyncio.run(ask())
    assert sorted(builds) == [issued.feed.code for issued in feeds]


def test_only_what_a_fact_touches_is_built_anew(clinic: Clinic, live: LiveDatabase, builds: list[str]) -> None:
    site, first, second = clinic.feed(), clinic.feed("subject", "PEK-001"), clinic.feed("subject", "PEK-002")
    windows, resource = clinic.feed("study", "ulrrc", event="window"), clinic.feed("resource", "PEK/linac")
    feeds = [site, first, second, windows, resource]

    async def ask() -> None:
        cache, watch = cached(live)
        before = [await parts_now(cache, watch, issued) for issued in feeds]
        builds.clear()
        clinic.desk.record(acts.visit_booked("C2D1", date(2026, 3, 24)), SubjectKey("ulrrc", "PEK-001"))
        after = [await parts_now(cache, watch, issued) for issued in feeds]
        assert builds == [issued.feed.code for issued in (site, first, windows, resource)]
        assert after[2] is before[2] and after[1] != before[1]
        builds.clear()
        with clinic.database.writing() as connection:
            append_administration(connection, someone(), [set_site(read_settings(connection), "BEI", r"BEI-\d{3}")])
        assert [await parts_now(cache, watch, issued) for issued in feeds] == after
        assert builds == []

    asyncio.run(ask())


def test_a_file_holds_for_a_day(clinic: Clinic, live: LiveDatabase, builds: list[str]) -> None:
    issued = clinic.feed()

    async def ask() -> None:
        cache, watch = cached(live)
        midnight = datetime(2026, 6, 2, tzinfo=UTC)
        for now in (NOW, midnight - timedelta(microseconds=1), midnight, midnight + timedelta(hours=23), midnight + timedelta(hours=24)):
            await parts_now(cache, watch, issued, now)

    asyncio.run(ask())
    assert len(builds) == 3


def test_memory_is_bounded(clinic: Clinic, live: LiveDatabase, builds: list[str]) -> None:
    feeds = [clinic.feed() for _ in range(4)]
    octets = len(clinic.parts(feeds[0].feed)[0].body)

    async def ask() -> None:
        cache, watch = cached(live, most_octets=2 * octets + 10)
        for issued in feeds:
            await parts_now(cache, watch, issued)
        assert sum(kept.octets for kept in cache._kept.values()) == 2 * octets
        builds.clear()
        for issued in (feeds[3], feeds[2], feeds[0], feeds[2]):
            await parts_now(cache, watch, issued)
        assert builds == [feeds[0].feed.code]
        tiny, watch = cached(live, most_octets=1)
        builds.clear()
        for _ in range(3):
            await parts_now(tiny, watch, feeds[0])
        assert len(builds) == 1

    asyncio.run(ask())


def test_a_failed_build_fails_for_all_that_wait_and_is_tried_anew(
    clinic: Clinic, live: LiveDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued, real = clinic.feed(), feed_cache.feed_parts

    def fail(*given: object) -> None:
        time.sleep(0.05)
        raise DatabaseError("gone")

    async def ask() -> None:
        cache, watch = cached(live)
        monkeypatch.setattr(feed_cache, "feed_parts", fail)
        found = await asyncio.gather(*(parts_now(cache, watch, issued) for _ in range(10)), return_exceptions=True)
        assert [type(error) for error in found] == [DatabaseError] * 10
        monkeypatch.setattr(feed_cache, "feed_parts", real)
        assert (await parts_now(cache, watch, issued))[0].events > 50

    asyncio.run(ask())


def test_a_build_that_takes_too_long_is_not_waited_for(clinic: Clinic, live: LiveDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    issued, real = clinic.feed(), feed_cache.feed_parts

    def slow(*given: object) -> object:
        time.sleep(0.4)
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(feed_cache, "feed_parts", slow)

    async def ask() -> None:
        cache, watch = FeedCache(live, KEY.encode(), 0.1), LogWatch(live, SECONDS)
        with pytest.raises(TimeoutError):
            await parts_now(cache, watch, issued)
        await asyncio.sleep(0.6)
        assert (await parts_now(cache, watch, issued))[0].events > 50

    asyncio.run(ask())


def test_a_fact_recorded_while_another_look_runs_counts(clinic: Clinic, live: LiveDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    began, go_on, looks = threading.Event(), threading.Event(), []

    def slow(database, known):  # type: ignore[no-untyped-def]
        state = look(database, known)
        looks.append(state.end.position)
        if len(looks) == 1:
            began.set()
            go_on.wait(10)
        return state

    monkeypatch.setattr("planner.server.log_watch.look", slow)

    async def ask() -> None:
        watch = LogWatch(live, SECONDS)
        first = asyncio.create_task(watch.now())
        await in_thread(lambda: began.wait(10))
        issued = clinic.feed()
        rest = [asyncio.create_task(watch.now()) for _ in range(20)]
        await asyncio.sleep(0.05)
        go_on.set()
        assert (await first).feed_of(issued.token) is None
        assert {state.feed_of(issued.token) for state in await asyncio.gather(*rest)} == {issued.feed}

    asyncio.run(ask())
    assert len(looks) == 2


def test_files_of_feeds_that_are_gone_are_let_go(clinic: Clinic, live: LiveDatabase) -> None:
    gone, stays = clinic.feed(), clinic.feed("subject", "PEK-001")

    async def ask() -> None:
        cache = FeedCache(live, KEY.encode(), SECONDS)
        watch = LogWatch(live, SECONDS, cache.forget_all_but)
        for issued in (gone, stays):
            await parts_now(cache, watch, issued)
        assert cache._kept.keys() == {gone.feed.code, stays.feed.code}
        end = (await watch.now()).end
        with clinic.database.writing() as connection:
            revoke_feed(connection, someone(), gone.feed.code)
        await watch.now()
        assert cache._kept.keys() == {stays.feed.code}
        # A build that ends later does not bring it back.
        assert await cache.parts(gone.feed, end, NOW) == ()
        assert cache._kept.keys() == {stays.feed.code}

    asyncio.run(ask())


def test_what_left_a_feed_is_hidden_from_nobody_who_asks_by_date(clinic: Clinic, live: LiveDatabase) -> None:
    """Facts are recorded months before NOW: the moment that a fact tells is not the moment from which on it is seen."""
    issued, other = clinic.feed(days=60), clinic.feed("subject", "PEK-002", days=60)

    def book(day: date, on: date) -> None:
        clinic.desk.record(acts.visit_booked("C5D1", day), SubjectKey("ulrrc", "PEK-001"), on=on)

    async def ask() -> None:
        cache, watch = cached(live)
        book(date(2026, 6, 20), date(2026, 4, 21))
        (first,) = await parts_now(cache, watch, issued)
        (untouched,) = await parts_now(cache, watch, other)
        said = format_datetime(min(first.last_modified, NOW), usegmt=True)
        book(date(2027, 3, 1), date(2026, 4, 20))
        # Within the same second, and with a clock that was set back.
        for now in (NOW + timedelta(milliseconds=400), NOW - timedelta(hours=1)):
            (second,) = await parts_now(cache, watch, issued, now)
            assert b"20260620" in first.body and b"20260620" not in second.body and second.events < first.events
            assert not is_unchanged([], said, second.etag, second.last_modified)
            assert not is_unchanged([], format_datetime(first.last_modified, usegmt=True), second.etag, second.last_modified)
        later = NOW + timedelta(minutes=5)
        assert await parts_now(cache, watch, issued, later) == (second,)
        assert is_unchanged([], format_datetime(later, usegmt=True), second.etag, second.last_modified)
        assert await parts_now(cache, watch, other, later) == (untouched,)

    asyncio.run(ask())


def test_a_visit_that_moves_between_parts_changes_both(clinic: Clinic, live: LiveDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "LARGEST_PART", 8_000)
    issued = clinic.feed()

    async def ask() -> None:
        cache, watch = cached(live)
        before = await parts_now(cache, watch, issued)
        later = NOW + timedelta(minutes=5)
        clinic.desk.record(acts.visit_booked("C2D1", date(2026, 3, 24)), SubjectKey("ulrrc", "PEK-001"))
        after = await parts_now(cache, watch, issued, later)
        assert len(before) == len(after) > 3
        changed = [number for number, (old, new) in enumerate(zip(before, after, strict=True)) if old.body != new.body]
        assert 0 < len(changed) < len(after)
        for number, (old, new) in enumerate(zip(before, after, strict=True)):
            assert (new.last_modified > later) if number in changed else (new.last_modified == old.last_modified)

    asyncio.run(ask())
