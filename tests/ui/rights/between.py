"""What somebody else does at the worst moment: after a page was drawn and a button pressed, and before anything is written."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection

from planner.ui.desk import Desk


@contextmanager
def before_it_is_written(happens: Callable[[], object]) -> Iterator[None]:
    """Within it, ``happens`` happens whenever a screen begins to write, just before it does."""
    writing = Desk.writing

    @contextmanager
    def late(desk: Desk) -> Iterator[Connection]:
        happens()
        with writing(desk) as connection:
            yield connection

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Desk, "writing", late)
        yield
