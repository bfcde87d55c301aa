"""Processes that write to a database, started within milliseconds: a server that has loaded the product forks them."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerContext, ForkServerProcess
from types import ModuleType
from typing import Any

LOADED_ONCE = [
    "planner.records.proof.audit",
    "planner.records.store.append",
    "planner.records.store.database",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite.pysqlite",
    "tests.records.crashes",
]


def loaded() -> ForkServerContext:
    """Where to make processes, pipes and barriers for them."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(LOADED_ONCE)
    return context


def start(target: Callable[..., None], *arguments: Any) -> ForkServerProcess:
    """A process that runs a function of a module; it ends with this one."""
    process = loaded().Process(target=target, args=arguments, daemon=True)
    with _plain_main():
        process.start()
    return process


@contextmanager
def _plain_main() -> Iterator[None]:
    """A main module that a new process need not run again: tests of screens leave their own script there, which cannot run by itself."""
    present = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = present
