"""Work that waits for a database, done beside the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import TypeVar

Result = TypeVar("Result")


async def in_thread(work: Callable[[], Result]) -> Result:
    """What ``work`` answers or raises, while the event loop goes on.

    The thread ends with the process: one that waits for a locked database must not hold up a stop.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Result] = loop.create_future()

    def hand_over(put: Callable[[], None]) -> None:
        # Nobody waits any more where the future was cancelled, or the loop is closed since the process stops.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(lambda: None if answer.done() else put())

    def run() -> None:
        try:
            result = work()
        except Exception as error:
            raised = error
            hand_over(lambda: answer.set_exception(raised))
        else:
            hand_over(lambda: answer.set_result(result))

    Thread(target=run, name="planner-database", daemon=True).start()
    return await answer
