"""Answers that are worked out once: for all who ask meanwhile, without holding up anybody else, and never an error twice."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from weakref import WeakKeyDictionary

import pytest

from planner.records.lists.worked_out_once import WorkedOutOnce

SOON = 10
"""Seconds in which a thread must have come to what it is waited for."""


class Slow:
    """Work that takes until it is let go on."""

    def __init__(self, answer: object = "", error: BaseException | None = None) -> None:
        self.begun, self.may_end = Event(), Event()
        self.times = 0
        self._answer, self._error = answer, error

    def __call__(self) -> object:
        self.times += 1
        self.begun.set()
        assert self.may_end.wait(SOON)
        if self._error is not None:
            raise self._error
        return self._answer


class Thing:
    """Something that can be freed."""


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as executor:
        yield executor


def test_who_asks_meanwhile_gets_the_same_and_nobody_else_waits(threads: ThreadPoolExecutor) -> None:
    once: WorkedOutOnce[str, object] = WorkedOutOnce({})
    work = Slow(object())
    first = threads.submit(once.of, "a", work)
    assert work.begun.wait(SOON)
    second = threads.submit(once.of, "a", work)
    assert threads.submit(once.of, "b", lambda: "at once").result(SOON) == "at once"
    assert not first.done()
    assert not second.done()
    work.may_end.set()
    assert first.result(SOON) is second.result(SOON)
    assert once.of("a", work) is first.result()
    assert work.times == 1
    assert len(once) == 2


@pytest.mark.parametrize("error", [ValueError("unreadable"), KeyboardInterrupt()])
def test_errors_are_not_kept(error: BaseException, threads: ThreadPoolExecutor) -> None:
    once: WorkedOutOnce[str, object] = WorkedOutOnce({})
    work = Slow(error=error)
    first = threads.submit(once.of, "a", work)
    assert work.begun.wait(SOON)
    work.may_end.set()
    assert first.exception(SOON) is error
    assert not len(once)
    assert once.of("a", lambda: "now it can") == "now it can"


def test_what_is_let_go_of_still_reaches_who_waits(threads: ThreadPoolExecutor) -> None:
    once: WorkedOutOnce[str, object] = WorkedOutOnce({})
    work = Slow("early")
    first = threads.submit(once.of, "a", work)
    assert work.begun.wait(SOON)
    once.let_go(list)
    assert once.of("a", lambda: "late") == "late"
    work.may_end.set()
    assert first.result(SOON) == "early"
    assert once.of("a", work) == "late"


def test_an_error_takes_nothing_away_that_came_later(threads: ThreadPoolExecutor) -> None:
    once: WorkedOutOnce[str, object] = WorkedOutOnce({})
    work = Slow(error=ValueError("unreadable"))
    first = threads.submit(once.of, "a", work)
    assert work.begun.wait(SOON)
    once.let_go(list)
    once.of("a", lambda: "late")
    work.may_end.set()
    assert isinstance(first.exception(SOON), ValueError)
    assert once.of("a", lambda: "never") == "late"


def test_what_was_asked_for_last_stands_last() -> None:
    kept: dict[str, Future[str]] = {}
    once = WorkedOutOnce(kept)
    for key in ("a", "b", "a"):
        once.of(key, lambda: "")
    assert list(kept) == ["b", "a"]


def test_answers_go_with_their_keys() -> None:
    once: WorkedOutOnce[Thing, str] = WorkedOutOnce(WeakKeyDictionary())
    key = Thing()
    assert once.of(key, lambda: "kept") == once.of(key, lambda: "never") == "kept"
    del key
    gc.collect()
    assert not len(once)
