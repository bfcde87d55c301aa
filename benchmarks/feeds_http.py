"""Calendar programs that poll feeds: ``python -m benchmarks.feeds_http [SECONDS]`` measures this alone.

The web process runs as `serve` runs it, but for the limit on requests, which so many clients of so few feeds would reach.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from benchmarks.measure import Figure
from planner.records.caller import Caller
from planner.records.demo.demo import fill_with_demo
from planner.records.feeds.feed import Feed
from planner.records.feeds.granting import make_feed
from planner.records.people.settings import read_settings
from planner.records.store.database import Database, open_database
from planner.records.store.log import subject_keys

SECTION = "Feeds over HTTP"
CLIENTS, FEEDS, SECONDS = 200, 20, 60.0
_ON = date(2026, 11, 20)
_KEY = b"a key for measurements alone, no secret"
_MILLI = 1e3
_SERVE = "serve"
_SECONDS_TO_STOP = 20.0


@dataclass(slots=True)
class _Polled:
    """What the clients saw."""

    seconds: dict[int, list[float]] = field(default_factory=lambda: {200: [], 304: []})
    """By status, of each answer."""
    others: Counter[str] = field(default_factory=Counter)
    """Answers and failures that should not be."""


def feeds_http_figures(seconds: float = SECONDS) -> Iterator[Figure]:
    """What 200 clients see that each poll one of 20 feeds every second, for so long, of 60 invented subjects."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'planner.sqlite'}"
        paths = _feeds(url)
        with _serving(url) as port:
            polled = asyncio.run(_poll(port, paths, seconds))
    unchanged, whole = polled.seconds[304], polled.seconds[200]
    what = f"{CLIENTS} clients, {len(paths)} feeds, a poll each second for {seconds:.0f} s"
    yield Figure(SECTION, f"304, median of {len(unchanged):,}; {what}", median(unchanged) * _MILLI, "ms", aim="under 5 ms")
    yield Figure(SECTION, "304, 99th of 100", quantiles(unchanged, n=100)[98] * _MILLI, "ms")
    yield Figure(SECTION, f"the whole file, all {len(whole)} clients at once and cold, median", median(whole) * _MILLI, "ms")
    errors = polled.others.total()
    yield Figure(SECTION, f"answers that failed{f' ({dict(polled.others)})' if errors else ''}", errors, "", aim="none")


def _feeds(url: str) -> Sequence[str]:
    """Paths of the feeds of a demonstration of 60 subjects: of studies, sites, their windows, and single subjects."""
    database = open_database(url)
    with database.writing() as connection:
        fill_with_demo(connection, seed=1, on=_ON)
    paths = [_made(database, number, wanted) for number, wanted in enumerate(_wanted(database))]
    database.close()
    return paths


def _wanted(database: Database) -> list[Feed]:
    with database.reading() as connection:
        sites, keys = list(read_settings(connection).sites), list(subject_keys(connection))
    studies = sorted({key.study for key in keys})
    large = [Feed("", "bench", "", "study", study, "", event) for study, event in product(studies, ("visit", "window"))]  # type: ignore[arg-type]
    large += [Feed("", "bench", "", "site", site, "", event) for site, event in product(sites, ("visit", "window"))]  # type: ignore[arg-type]
    return [*large, *(Feed("", "bench", "", "subject", str(key), "") for key in keys)][:FEEDS]


def _made(database: Database, number: int, wanted: Feed) -> str:
    with database.writing() as connection:
        issued = make_feed(connection, Caller("bench", datetime.now(UTC)), replace(wanted, purpose=f"p{number}"))
    return f"/feed/{issued.token}.ics"


# --- the clients ----------------------------------------------------------------------------------------------


async def _poll(port: int, paths: Sequence[str], seconds: float) -> _Polled:
    polled = _Polled()
    await asyncio.gather(*(_client(port, paths[number % len(paths)], number / CLIENTS, seconds, polled) for number in range(CLIENTS)))
    return polled


async def _client(port: int, path: str, offset: float, seconds: float, polled: _Polled) -> None:
    """One subscription: the whole file first, and then whether it is still the same, a second after the last question."""
    loop = asyncio.get_running_loop()
    began, etag, turn = loop.time(), "", 0
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while loop.time() < began + seconds:
        asked = perf_counter()
        try:
            status, etag = await _ask(reader, writer, path, etag)
        except (OSError, asyncio.IncompleteReadError, ValueError) as error:
            polled.others[type(error).__name__] += 1
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        else:
            if status in polled.seconds:
                polled.seconds[status].append(perf_counter() - asked)
            else:
                polled.others[str(status)] += 1
        turn += 1
        await asyncio.sleep(max(0.0, began + turn + offset - loop.time()))
    writer.close()


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str, etag: str) -> tuple[int, str]:
    """Status and ETag of an answer; the file is read to its end."""
    condition = f"If-None-Match: {etag}\r\n" if etag else ""
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n{condition}\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    lengths = re.findall(r"\r\ncontent-length: (\d+)", head)
    if lengths:
        await reader.readexactly(int(lengths[0]))
    return int(head.split(" ", 2)[1]), re.findall(r"\r\netag: (\S+)", head)[0]


# --- the process ----------------------------------------------------------------------------------------------


@contextmanager
def _serving(url: str) -> Iterator[int]:
    """The port of a web process on this database."""
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.feeds_http", _SERVE, url], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise RuntimeError("The web process did not start; what it says is above.")
        yield int(line.rpartition(":")[2])
    finally:
        process.terminate()
        process.wait(timeout=_SECONDS_TO_STOP)


def _serve(url: str) -> None:
    from planner.exchange.today import now
    from planner.server.feed_source import FeedSource
    from planner.server.process import listen, run
    from planner.server.request_limits import Rates

    plenty = 10 * CLIENTS * 60
    listening = listen("127.0.0.1", 0)
    source = FeedSource(url, _KEY, now, Rates(per_feed=plenty, unknown_per_address=plenty))
    run(listening, source, None, lambda: print(listening.address, flush=True))


if __name__ == "__main__":
    if sys.argv[1:2] == [_SERVE]:
        _serve(sys.argv[2])
    else:
        from benchmarks.report import print_table

        print_table(list(feeds_http_figures(*map(float, sys.argv[1:2]))))
