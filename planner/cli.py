"""The command line: ``python -m planner COMMAND``; docs/command-line.md tells what each command does."""

from __future__ import annotations

import logging
import sys
from typing import Annotated

import typer

from planner.commands.expand import expand
from planner.commands.explain import explain
from planner.commands.matrix import matrix
from planner.commands.once import OnceCommand
from planner.commands.records import group
from planner.commands.serve import serve
from planner.commands.starts import starts
from planner.commands.validate import validate

app = typer.Typer(
    help="Turns a written trial protocol into a dated, explained visit calendar. It plans dates; it does not decide on treatment.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def planner(
    debug: Annotated[bool, typer.Option("--debug", help="Log on standard error what the planner does, without subject data.")] = False,
) -> None:
    """Turns a written trial protocol into a dated, explained visit calendar. It plans dates; it does not decide on treatment."""
    if debug:
        logging.basicConfig(level=logging.DEBUG, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")


for function in (expand, explain, starts, validate, matrix, serve):
    app.command(cls=OnceCommand)(function)
group.add_to(app)


def main() -> None:
    """Run the command line and end the process with its exit code."""
    app(prog_name="python -m planner")
