"""``subject enrol``, ``subject show`` and ``subject list``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from planner.commands import options as plan_options
from planner.commands.failures import CallWrong, command, say
from planner.commands.output import chosen_format, require_csv_for_mark, tell, write_out, write_workbook
from planner.commands.records import options
from planner.commands.records.changing import saved, show_proposal
from planner.commands.records.desk import caller, existing_records
from planner.commands.records.listing import LIST_FORMATS, Listing, rows_of, show
from planner.commands.records.texts import named_dates, named_values, optional_date, read_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.schedule.rows import VisitRow
    from planner.schedule.schedule import Schedule

COLUMNS = ("subject", "state", "start", "next_visit", "next_date", "next_status", "overdue", "version", "revision", "study", "site")


@command
def enrol(
    protocol: plan_options.Protocol,
    number: Annotated[
        str, typer.Argument(metavar="NUMBER", help="The subject's number: no name, nothing from a patient file.", show_default=False)
    ],
    site: Annotated[str, typer.Option("--site", metavar="CODE", help="The site.", show_default=False)],
    start: Annotated[str, typer.Option("--start", metavar="DATE", help="The day of cycle 1 day 1.", show_default=False)],
    milestone: Annotated[
        list[str] | None,
        typer.Option("--milestone", metavar="ID=DATE", help="A date from outside: CONSENT=2026-02-20. Repeatable.", show_default=False),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PARAM=VALUE", help="A parameter: regimen=mFOLFOX6. Repeatable.", show_default=False),
    ] = None,
    rescreen_of: Annotated[
        str | None,
        typer.Option("--rescreen-of", metavar="NUMBER", help="The number under which the subject was screened before.", show_default=False),
    ] = None,
    note: options.Note = None,
    dry_run: options.DryRun = False,
    account: options.Account = None,
) -> None:
    """Enrol a subject: the protocol file and the site's calendar are pinned as they are now."""
    from planner.protocol.library import protocol_path, protocol_text
    from planner.records.changes.change import save
    from planner.records.changes.enrolment import propose_enrolment

    who = caller(account)
    path = protocol_path(protocol)
    day, dates, values = read_day("--start", start), named_dates("--milestone", milestone), named_values("--set", set_, "PARAM=VALUE")
    text = protocol_text(path)
    with existing_records() as database:
        with database.reading() as connection:
            proposal = propose_enrolment(
                connection, who, text, str(path), number, site, day, values, dates, rescreen_of=rescreen_of, note=(note or "").strip()
            )
        show_proposal(proposal)
        if dry_run:
            tell("Nothing was written (--dry-run).")
            return
        with database.writing() as connection:
            written = save(connection, who, proposal)
    tell(saved(written))


@command
def show_(
    subject: options.Subject,
    on: plan_options.AsOf = None,
    known_on: Annotated[
        str | None,
        typer.Option("--known-on", metavar="DATE", help="The calendar as it was known at the end of that day.", show_default=False),
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Cancelled and conditional visits too.")] = False,
    format_: options.Format = None,
    out: plan_options.Out = None,
    bom: plan_options.Bom = False,
    account: options.Account = None,
) -> None:
    """Show a subject's calendar, its checks, and what does not fit; in the columns of `expand`."""
    from planner.records.changes.view import subject_view
    from planner.records.history.history import known_on as known_schedule
    from planner.records.people.readable import open_subject

    who = caller(account)
    form = chosen_format(format_, out, LIST_FORMATS)
    require_csv_for_mark(form, bom=bom)
    if on is not None and known_on is not None:
        raise CallWrong(["--known-on shows a past day as of that day; leave --on out"])
    with existing_records() as database, database.reading() as connection:
        key = open_subject(connection, who, subject).key
        if known_on is None:
            view = subject_view(connection, who, key, optional_date("--on", on))
            schedule, revision, unfit = view.schedule, view.revision, view.unfit
        else:
            known = known_schedule(connection, who, key, read_day("--known-on", known_on))
            schedule, revision, unfit = known.schedule, known.revision, ()
    if form == "xlsx":
        write_workbook(_workbook(schedule, key.number, all_visits=all_), out)
    else:
        write_out(_pieces(schedule, form, all_visits=all_, bom=bom, to_terminal=out is None), out)
    say(f"{key}, revision {revision}")
    for entry in unfit:
        say(f"Does not fit: fact {entry.number}: {entry.why}")


def _workbook(schedule: Schedule, name: str, *, all_visits: bool) -> bytes:
    from planner.exchange.schedule_csv import COLUMNS, values
    from planner.exchange.spreadsheets.workbook import Sheet, workbook_bytes
    from planner.schedule.visit_rows import subject_rows

    return workbook_bytes([Sheet(name, COLUMNS, map(values, subject_rows(schedule, 0, all_visits=all_visits)))])


def _pieces(schedule: Schedule, form: str, *, all_visits: bool, bom: bool, to_terminal: bool) -> Sequence[str]:
    from planner.commands.schedule_table import schedule_tables
    from planner.exchange.schedule_csv import schedule_csv, with_byte_order_mark
    from planner.schedule.visit_rows import subject_rows

    if form == "table":
        return list(schedule_tables(schedule, all_visits=all_visits, to_terminal=to_terminal))
    rows = subject_rows(schedule, 0, all_visits=all_visits)
    if form == "json":
        return _json(schedule, rows)
    return list(with_byte_order_mark(schedule_csv(rows)) if bom else schedule_csv(rows))


def _json(schedule: Schedule, rows: Sequence[VisitRow]) -> Sequence[str]:
    from planner.exchange.schedule_json import SubjectSchedule, schedule_json
    from planner.schedule.checks import findings
    from planner.schedule.days import day_date

    protocol = schedule.plan.protocol
    as_of = day_date(schedule.as_of_day(0))
    subject = SubjectSchedule(schedule.cohort.subjects[0], schedule.calendar_of(0).name, as_of, rows, findings(schedule, [0]))
    return list(schedule_json(protocol.id, protocol.version, [subject]))


@command
def list_(
    on: plan_options.AsOf = None,
    site: options.Site = None,
    study: options.Study = None,
    format_: options.Format = None,
    out: plan_options.Out = None,
    bom: plan_options.Bom = False,
    account: options.Account = None,
) -> None:
    """List all subjects, where they are and what comes next."""
    from planner.records.lists.site_schedules import schedules
    from planner.records.lists.subject_list import subject_lines

    who = caller(account)
    with existing_records() as database, database.reading() as connection:
        found = schedules(
            connection,
            who,
            optional_date("--on", on),
            studies=None if study is None else [study],
            sites=None if site is None else [site],
        )
        lines = subject_lines(found)
    show(Listing(COLUMNS, rows_of(lines, COLUMNS), "No subject is enrolled."), format_, out, heading=f"{len(lines)} subjects", bom=bom)
