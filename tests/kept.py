"""What a test process works out once instead of again for each test; `tests/conftest.py` imports it before any module of the planner.

Each of these is a function of its arguments alone that gives something nobody changes, so that a test cannot tell the difference.
"""

from functools import cache, lru_cache

import typer.testing

import planner.protocol.read

# The command line is the same in every test: its many commands are put together once, not for each call.
typer.testing._get_command = cache(typer.testing._get_command)  # type: ignore[attr-defined]

# The text of a study is read three times for each enrolment.
planner.protocol.read.read_protocol = lru_cache(maxsize=64)(planner.protocol.read.read_protocol)
