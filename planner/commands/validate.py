"""``validate``: every error of a protocol file, then what will hurt later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from planner.commands import options
from planner.commands.failures import INPUT_IS_WRONG, CallWrong, command, say_all
from planner.commands.inputs import read_calendar, read_date

if TYPE_CHECKING:
    from planner.protocol.model import Protocol
    from planner.protocol.plan import Plan
    from planner.schedule.calendar import SiteCalendar
    from planner.schedule.facts import SubjectFacts

START_DAYS = 365


@command
def validate(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Protocol files, or names in protocols/.", show_default=False)],
    calendar: options.Calendar = None,
    from_: Annotated[
        str | None,
        typer.Option("--from", metavar="DATE", help="Try every start of the year from this day on, on --calendar.", show_default=False),
    ] = None,
) -> None:
    """All errors of each protocol file with their places, then warnings of what will hurt later."""
    from planner.protocol.errors import ProtocolErrors
    from planner.protocol.library import protocol_path, protocol_text
    from planner.protocol.read import read_protocol
    from planner.protocol.warnings import protocol_warnings

    if (calendar is None) != (from_ is None):
        raise CallWrong(["--calendar and --from go together: the days on which windows are tried, and the first of them"])
    site = None if calendar is None else read_calendar(calendar)
    first_day = None if from_ is None else read_date("--from", from_)
    good = True
    for file in files:
        try:
            path = str(protocol_path(file))
            protocol = read_protocol(protocol_text(protocol_path(file)), path)
        except ProtocolErrors as error:
            good = False
            say_all([str(fault) for fault in error.errors])
            continue
        warnings = [
            f"{warning.file}:{warning.line}:{warning.column}: warning: {warning.code}: {warning.message}"
            for warning in protocol_warnings(protocol, path)
        ]
        if site is not None and first_day is not None:
            warnings += [f"{path}:{line}:1: warning: no-open-day: {message}" for line, message in closed_windows(protocol, site, first_day)]
        for warning in warnings:
            typer.echo(warning)
        typer.echo(f"{path}: {protocol.id} {protocol.version} has no errors{_count(len(warnings))}.")
    if not good:
        raise typer.Exit(INPUT_IS_WRONG)


@dataclass(slots=True)
class _Closed:
    """The starts on which a visit has no open day, and under which parameters."""

    line: int
    starts: dict[date, None] = field(default_factory=dict)
    settings: dict[str, None] = field(default_factory=dict)


def closed_windows(protocol: Protocol, site: SiteCalendar, first_day: date) -> list[tuple[int, str]]:
    """(line, message) for each visit whose window holds no open day on some start of the year from ``first_day`` on.

    Tried with the default parameters, and with each other choice of one parameter.
    """
    from planner.protocol.compile import compile_plan
    from planner.schedule.starts import start_scores

    plan = compile_plan(protocol)
    found: dict[str, _Closed] = {}
    for setting, facts in _variants(plan, first_day):
        for score in start_scores(plan, facts, [site], first_day, first_day, START_DAYS):
            for visit in score.without_open_day if score.is_open else ():
                slot = plan.slots[plan.slots_by_id[visit][0]]
                closed = found.setdefault(visit, _Closed(protocol.visits[slot.definition].line))
                closed.starts[score.start] = None
                closed.settings[setting] = None
    return sorted((closed.line, _message(visit, closed, site)) for visit, closed in found.items())


def _variants(plan: Plan, first_day: date) -> Iterator[tuple[str, SubjectFacts]]:
    from planner.schedule.fact_faults import faults_of
    from planner.schedule.facts import SubjectFacts

    settings: list[tuple[str, dict[str, str]]] = [("", {})]
    for name, parameter in plan.protocol.parameters.items():
        if not parameter.is_range:
            settings += [(f"{name} = {value}", {name: value}) for value in parameter.values if value != parameter.default]
    for setting, parameters in settings:
        facts = SubjectFacts("S1", first_day, parameters)
        if not faults_of(plan, facts, first_day):
            yield setting, facts


def _message(visit: str, closed: _Closed, site: SiteCalendar) -> str:
    under = "" if "" in closed.settings else f", with {' or '.join(closed.settings)}"
    starts = f"{len(closed.starts)} open start day{'s' if len(closed.starts) != 1 else ''}"
    return f"{visit} has no open day in its window on {starts} of calendar {site.name}, the first {min(closed.starts)}{under}"


def _count(warnings: int) -> str:
    return "" if not warnings else " and 1 warning" if warnings == 1 else f" and {warnings} warnings"
