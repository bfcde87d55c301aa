"""The power is cut while facts are written: none that was told of is lost, because the product waits for the disk; without that some are.

The disk is one that forgets whatever was not synced (tests/records/forgetful_disk.py).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from planner.records.store.database import open_database
from planner.records.store.log import read_facts
from tests.records.crashes import IMPORTED, READY, WRITTEN, Expectation, heard, import_many, moments, write_singly
from tests.records.databases import skip_or_fail
from tests.records.forgetful_disk import CUT, NoFuseError, forgetful_disk
from tests.records.processes import loaded, start

CUTS = 20
MOST = 60
"""Facts that are told of at most before the power is cut."""
ONE_WRITE = 0.01
"""Seconds, about, that the write of a single fact takes on such a disk."""


def write_without_waiting(synchronous: str, url: str, name: str, told: Pipe) -> None:
    """The control: the same writer, on connections that do not wait for the disk at each commit."""
    event.listen(Engine, "checkout", lambda connection, *_: connection.execute(f"PRAGMA synchronous={synchronous}"))
    write_singly(url, name, told)


def cut_while(
    writer: Callable[[str, str, Pipe], None], folder: Path, number: int, surviving: float, after: str, seconds: float
) -> tuple[str, set[str]]:
    """Write on a disk, cut its power a moment after something was told; the URL of what the disk held, and all that was told before."""
    mount, leave = folder / f"mount-{number}", folder / f"left-{number}"
    mount.mkdir()
    leave.mkdir()
    with forgetful_disk(mount, leave, seed=number, surviving=surviving):
        open_database(f"sqlite:///{mount / 'planner.sqlite'}").close()
        pipe, answers = loaded().Pipe(duplex=False)
        process = start(writer, f"sqlite:///{mount / 'planner.sqlite'}", "cut", answers)
        answers.close()
        told = {READY, *iter(pipe.recv, after), after}
        time.sleep(seconds)
        (mount / CUT).mkdir()
        told |= set(heard(pipe))
        process.join(10)
        process.kill()
    return f"sqlite:///{leave / 'planner.sqlite'}", told - {READY, WRITTEN}


pytestmark = pytest.mark.long


@pytest.mark.parametrize("surviving", [0.0, 0.5], ids=["no-unsynced-write-survives", "some-survive"])
def test_no_fact_that_was_told_of_is_lost(surviving: float, tmp_path: Path) -> None:
    try:
        for number, share in enumerate(moments(5, CUTS)):
            url, told = cut_while(write_singly, tmp_path, number, surviving, f"cut/{1 + number * MOST // CUTS}", share * ONE_WRITE)
            Expectation(singles={"cut": told}).check(url)
    except NoFuseError as error:
        skip_or_fail(str(error))


def test_an_import_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    whole = 0
    try:
        for number in range(CUTS):
            after_milliseconds = 2 * 1.4**number  # up to a second: whatever a commit takes here, some cuts are before its end, some after
            url, told = cut_while(import_many, tmp_path, number, 0.5, WRITTEN, after_milliseconds / 1000)
            whole += Expectation(imports={"cut": bool(told)}).check(url)["cut"] == IMPORTED
    except NoFuseError as error:
        skip_or_fail(str(error))
    assert 0 < whole < CUTS, f"{whole} of {CUTS} imports are there: the cuts did not come in the midst of it"


@pytest.mark.parametrize("synchronous", ["OFF", "NORMAL"])
def test_without_waiting_for_the_disk_facts_are_lost(synchronous: str, tmp_path: Path) -> None:
    """The control, without which the tests above would prove nothing."""
    lost = 0
    try:
        for number in range(3):
            url, told = cut_while(partial(write_without_waiting, synchronous), tmp_path, number, 0.0, f"cut/{MOST}", 0.0)
            database = open_database(url)
            with database.reading() as connection:
                lost += bool(Expectation(singles={"cut": told}).lost(read_facts(connection)))
            database.close()
    except NoFuseError as error:
        skip_or_fail(str(error))
    assert lost == 3
