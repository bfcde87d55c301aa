"""``demo``: an empty database filled with invented subjects."""

from __future__ import annotations

from typing import Annotated

import typer

from planner.commands.failures import command
from planner.commands.inputs import day_asked_about
from planner.commands.output import tell
from planner.commands.records import options
from planner.commands.records.desk import caller, open_records


@command
def demo(
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Another number makes other subjects.", min=0)] = 1,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="DATE", help="The day on which the subjects stand as shown (today if not given).", show_default=False),
    ] = None,
    account: options.Account = None,
) -> None:
    """Fill an empty database with 60 invented subjects of both studies at two sites, the same for the same seed and day."""
    from planner.records.demo.demo import fill_with_demo

    caller(account)
    day = day_asked_about(on, None)
    with open_records() as database, database.writing() as connection:
        filled = fill_with_demo(connection, seed, day)
    tell(f"{filled.subjects} invented subjects as of {day}, {filled.facts} facts, head {filled.head}")
