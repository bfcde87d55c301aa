"""``starts``: possible start days compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from planner.commands import options
from planner.commands.failures import CallWrong, InputWrong, command, say
from planner.commands.output import TABLE_FORMATS, chosen_format, require_csv_for_mark, write_out

if TYPE_CHECKING:
    from planner.schedule.starts import StartScore

MOST_DAYS = 3660
COLUMNS = ("start", "weekday", "open", "without_open_day", "visits", "other_trouble")


@command
def starts(
    protocol: options.Protocol,
    from_: Annotated[str, typer.Option("--from", metavar="DATE", help="The first start day to look at.", show_default=False)],
    days: Annotated[int, typer.Option("--days", help=f"How many start days to look at, at most {MOST_DAYS}.")] = 365,
    subject: options.Subject = None,
    milestone: options.Milestones = None,
    set_: options.Parameters = None,
    decide: options.Decisions = None,
    actual: options.Actuals = None,
    missed: options.Missed = None,
    omit: options.Omitted = None,
    booked: options.Booked = None,
    hold: options.Holds = None,
    stop: options.Stops = None,
    end: options.End = None,
    unscheduled: options.Unscheduled = None,
    routine_care: options.RoutineCare = None,
    calendar: options.Calendar = None,
    on: options.AsOf = None,
    format_: Annotated[
        options.TableFormat | None,
        typer.Option("--format", help="The form of the answer (a table on a terminal, else csv).", show_default=False),
    ] = None,
    out: options.Out = None,
    bom: options.Bom = False,
) -> None:
    """For each possible start day, how many visits would have no open day in their window, and which."""
    from planner.commands.fact_options import FactOptions
    from planner.commands.inputs import read_date, read_plan
    from planner.commands.notices import unused_resources
    from planner.commands.subjects import one_subject
    from planner.schedule.fact_faults import LATEST_START, parameter_codes
    from planner.schedule.starts import start_scores
    from planner.schedule.visit_ids import visit_id

    if not 1 <= days <= MOST_DAYS:
        raise CallWrong([f"--days: {days} is not from 1 to {MOST_DAYS}"])
    first_day = read_date("--from", from_)
    facts = FactOptions(None, subject, milestone, set_, decide, actual, missed, omit, booked, hold, stop, end, unscheduled, routine_care)
    plan = read_plan(protocol)
    form = chosen_format(format_, out, TABLE_FORMATS)
    require_csv_for_mark(form, bom=bom)
    found = one_subject(plan, facts, calendar, on, first_day)
    first = visit_id(plan, plan.slots[plan.start_slot], parameter_codes(plan, found.facts[0]))
    if first in found.facts[0].actual:
        raise CallWrong([f"--actual {first}: the start has taken place, so there are no start days to compare; leave it out"])
    if first_day + timedelta(days=days - 1) > LATEST_START:
        raise InputWrong([f"--days: the last of {days} days from {first_day} is after {LATEST_START}; look at fewer days"])
    scores = start_scores(plan, found.facts[0], found.calendars, found.days[0], first_day, days)
    if form == "table":
        write_out([_table(scores, to_terminal=out is None)], out)
    else:
        from planner.exchange.schedule_csv import table_csv, with_byte_order_mark

        pieces = table_csv(COLUMNS, _lines(scores))
        write_out(with_byte_order_mark(pieces) if bom else pieces, out)
    for notice in (*_past_notice(scores, found.days[0]), *unused_resources(plan, found.calendars)):
        say(notice)


def _past_notice(scores: Sequence[StartScore], as_of: date) -> Iterator[str]:
    """Start days still to come that leave a visit in the past; of days that are past themselves nobody needs to be told."""
    late = [score for score in scores if score.start >= as_of and score.in_the_past]
    if late:
        visits = ", ".join(dict.fromkeys(visit for score in late for visit in score.in_the_past))
        first, last = late[0].start, late[-1].start
        yield f"As of {as_of}, {len(late)} of these start days, {first} to {last}, leave visits on days already past: {visits}."


def _lines(scores: Iterable[StartScore]) -> Iterable[tuple[str, ...]]:
    for score in scores:
        yield (
            score.start.isoformat(),
            f"{score.start:%a}",
            "yes" if score.is_open else "no",
            str(len(score.without_open_day)),
            ";".join(score.without_open_day),
            ";".join(score.other_trouble),
        )


def _table(scores: Sequence[StartScore], *, to_terminal: bool) -> str:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    from planner.commands.terminal import rendered

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("start", "open", "without an open day", "visits", "other trouble"):
        table.add_column(heading)
    for day, weekday, is_open, count, visits, other in _lines(scores):
        style = "dim" if is_open == "no" else "green" if count == "0" and not other else None
        table.add_row(
            *(Text(cell) for cell in (f"{weekday} {day}", is_open, count, visits.replace(";", " "), other.replace(";", " "))), style=style
        )
    return rendered(table, to_terminal=to_terminal)
