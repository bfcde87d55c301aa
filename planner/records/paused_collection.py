"""Making hundreds of thousands of objects without Python searching them for cycles over and over."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused_collection() -> Iterator[None]:
    """No search for unreachable cycles meanwhile; for steps of some seconds that make many objects, and hardly a cycle.

    What is no longer referred to is freed as ever. Nests; where the search was off before, it stays off.
    """
    # While so many objects come to be, each search goes over all of them and finds nothing: a quarter of the time of a large worklist.
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
