"""Answers that many ask for at once: each worked out by the first who asks, while others go on with theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key")
Answer = TypeVar("Answer")


class WorkedOutOnce(Generic[Key, Answer]):
    """Keeps an answer for each key; safe to share among threads.

    Who asks what another thread is working out waits for it, and gets the same answer or error; nobody else waits. Errors are not kept.
    """

    def __init__(self, answers: MutableMapping[Key, Future[Answer]]) -> None:
        """Keep them in ``answers``: a dictionary, or a weak one where they are to go with their keys."""
        self._answers = answers
        self._lock = Lock()

    def __len__(self) -> int:
        """How many are kept or being worked out."""
        return len(self._answers)

    def of(self, key: Key, work: Callable[[], Answer]) -> Answer:
        """The answer that is kept for ``key``, else what ``work`` says. Raises what ``work`` raises."""
        with self._lock:
            answer = self._answers.pop(key, None)
            is_first = answer is None
            if answer is None:
                answer = Future()
            # Put in anew, so that a dictionary has last what was asked for last.
            self._answers[key] = answer
        if not is_first:
            return answer.result()
        try:
            found = work()
        except BaseException as error:  # whatever it is, those who wait must not wait for ever
            with self._lock:
                if self._answers.get(key) is answer:
                    del self._answers[key]
            answer.set_exception(error)
            raise
        answer.set_result(found)
        return found

    def let_go(self, which: Callable[[Mapping[Key, Future[Answer]]], Iterable[Key]]) -> None:
        """Keep those no longer that ``which`` chooses; the one asked for last stands last. Who waits for one still gets it."""
        with self._lock:
            for key in list(which(self._answers)):
                del self._answers[key]
