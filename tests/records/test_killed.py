"""Writers are killed (kill -9) at random moments: what they told of is there, and imports are there whole or not at all."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from multiprocessing.connection import Connection as Pipe
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from planner.records.store.database import open_database
from tests.records.crashes import IMPORTED, READY, WRITTEN, Expectation, heard, import_many, moments, write_singly
from tests.records.postgresql import NoPostgreSQLError, private_server, restart
from tests.records.processes import loaded, start

ROUNDS_PER_FILE = 4
SINGLES = 12
"""How many single facts a writer tells of at most before it is killed."""
ONE_WRITE = 0.006
"""Seconds, about, that the write of a single fact takes; a writer is killed within this time after it told of one."""

RESTARTS_FAST = ("recovery_init_sync_method=syncfs",)
"""A server that was killed need not open each of its thousand files to sync it; all else is as a server has it by default."""


ATTEMPTS = 3
"""How often a writer is started that ends before it has said that it is ready: nothing was written then."""


def started(target: Callable[[str, str, Pipe], None], url: str, name: str) -> tuple[ForkServerProcess, Pipe]:
    """A writer that has opened the database, and where it tells of its writes."""
    for _ in range(ATTEMPTS):
        pipe, answers = loaded().Pipe(duplex=False)
        writer = start(target, url, name, answers)
        answers.close()
        try:
            assert pipe.recv() == READY
        except EOFError:
            writer.join()
        else:
            return writer, pipe
    raise AssertionError(f"no writer could be started: the last one ended with {writer.exitcode}")


def begun(target: Callable[[str, str, Pipe], None], url: str, name: str) -> Pipe:
    """Where a writer that was just started tells of its writes."""
    return started(target, url, name)[1]


def killed(target: Callable[[str, str, Pipe], None], url: str, name: str, seconds: float, after: str = READY) -> set[str]:
    """Run a writer, kill it so many seconds after it said ``after``, and return all that it told of."""
    writer, pipe = started(target, url, name)
    told = {after} if after == READY else {*iter(pipe.recv, after), after}
    time.sleep(seconds)
    writer.kill()
    writer.join()
    return {*told, *heard(pipe)} - {READY, WRITTEN}


class Clock:
    """Stands where a writer's answers go, and notes when each was told."""

    def __init__(self) -> None:
        self.told: dict[str, float] = {}

    def send(self, what: str) -> None:
        self.told[what] = time.monotonic()


def durations(url: str) -> tuple[float, float]:
    """Seconds that an import takes, and how many of them its commit."""
    clock = Clock()
    import_many(url, "measured", clock)
    return clock.told["measured"] - clock.told[READY], clock.told["measured"] - clock.told[WRITTEN]


@pytest.mark.parametrize("rounds", [40, pytest.param(200, marks=pytest.mark.long)])
def test_sqlite_keeps_what_it_told_of_when_its_writers_are_killed(rounds: int, sqlite_template: bytes, tmp_path: Path) -> None:
    import_seconds, commit_seconds = durations(new_file(sqlite_template, tmp_path / "measured"))
    shares = moments(3, rounds)
    told_of, whole, absent = 0, 0, 0
    for first in range(0, rounds, ROUNDS_PER_FILE):
        url = new_file(sqlite_template, tmp_path / "killed")
        expected = Expectation()
        for number in range(first, first + ROUNDS_PER_FILE):
            name, share = f"round-{number}", shares[number]
            if number % 2 == 0:
                expected.singles[name] = killed(write_singly, url, name, share * ONE_WRITE, f"{name}/{number // 2 % SINGLES}")
                told_of += len(expected.singles[name])
                expected.check(url)
            else:
                in_commit = number % 4 == 1
                after, seconds = (WRITTEN, commit_seconds) if in_commit else (READY, import_seconds)
                expected.imports[name] = name in killed(import_many, url, name, 1.2 * share * seconds, after)
                there = expected.check(url)[name]
                whole, absent = whole + (there == IMPORTED), absent + (there == 0)
    # The kills came in the middle of it: many writes had been told of, and of the imports some were in and some were not.
    assert told_of > rounds // 2
    assert whole and absent, f"{whole} whole, {absent} absent"


def new_file(template: bytes, folder: Path) -> str:
    """The URL of an empty database in a folder that is made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "planner.sqlite").write_bytes(template)
    return f"sqlite:///{folder / 'planner.sqlite'}"


@pytest.mark.parametrize("rounds", [3, pytest.param(30, marks=pytest.mark.long)])
def test_postgresql_keeps_what_it_told_of_when_the_server_is_killed(rounds: int) -> None:
    """The whole server at once, with the settings that a server has by default, while four processes write single facts and one imports."""
    from tests.records.databases import skip_or_fail

    try:
        with private_server(RESTARTS_FAST) as server:
            url = server.url()
            open_database(url).close()
            expected = Expectation()
            for number, share in enumerate(moments(4, rounds)):
                pipes = {f"round-{number}-{writer}": begun(write_singly, url, f"round-{number}-{writer}") for writer in range(4)}
                pipes[f"import-{number}"] = begun(import_many, url, f"import-{number}")
                told = {name: set() for name in pipes}
                while sum(map(len, told.values())) < 5 + number % 40:
                    for name, pipe in pipes.items():
                        if pipe.poll(0.001):
                            told[name].add(pipe.recv())
                time.sleep(share * ONE_WRITE)
                server.kill()
                told = {name: {*told[name], *heard(pipe)} - {READY, WRITTEN} for name, pipe in pipes.items()}
                server = restart(server, RESTARTS_FAST)
                expected.imports[f"import-{number}"] = bool(told.pop(f"import-{number}"))
                expected.singles |= told
                expected.check(url)
            assert sum(map(len, expected.singles.values())) >= rounds
    except NoPostgreSQLError as error:
        skip_or_fail(str(error))
