"""``expand``: every visit of one subject, or of a cohort."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.commands import options
from planner.commands.failures import CallWrong, InputWrong, command, say
from planner.commands.output import SCHEDULE_FORMATS, chosen_format, is_same_file, require_csv_for_mark, write_out, write_workbook

if TYPE_CHECKING:
    from planner.commands.subjects import Subjects
    from planner.schedule.rows import VisitRow
    from planner.schedule.schedule import Schedule


@command
def expand(
    protocol: options.Protocol,
    start: options.Start = None,
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
    branches: Annotated[
        bool, typer.Option("--branches", help="One subject ID/decision=choice for each choice of a decision still open.")
    ] = False,
    all_visits: Annotated[bool, typer.Option("--all", help="Cancelled and conditional visits too.")] = False,
    format_: Annotated[
        options.ScheduleFormat | None,
        typer.Option(
            "--format", help="The form of the answer (a table on a terminal, else what --out ends in, else csv).", show_default=False
        ),
    ] = None,
    out: options.Out = None,
    bom: options.Bom = False,
    cohort: Annotated[
        Path | None, typer.Option("--cohort", metavar="FILE", help="Many subjects, from a CSV file with one row each.", show_default=False)
    ] = None,
    skip_bad: Annotated[
        bool,
        typer.Option(
            "--skip-bad", help="Leave out the bad rows of --cohort; cohort.bad.csv beside cohort.csv holds them with what is wrong."
        ),
    ] = False,
) -> None:
    """Every visit with its dates, window, status and certainty, for one subject or for a cohort."""
    from planner.commands.fact_options import FactOptions
    from planner.commands.inputs import read_plan
    from planner.commands.subjects import bad_rows_file, cohort_subjects, one_subject, progress_bar, refuse_facts_beside_cohort

    form = chosen_format(format_, out, SCHEDULE_FORMATS)
    require_csv_for_mark(form, bom=bom)
    if branches and form == "ics":
        raise CallWrong(["--branches cannot be written as ics: a title must not carry a decision; write csv or json"])
    facts = FactOptions(start, subject, milestone, set_, decide, actual, missed, omit, booked, hold, stop, end, unscheduled, routine_care)
    if cohort is not None:
        refuse_facts_beside_cohort(facts)
        if out is not None and is_same_file(out, cohort):
            raise CallWrong([f"--out {out} is the cohort file itself; name another file"])
        if out is not None and skip_bad and is_same_file(out, bad_rows_file(cohort)):
            raise CallWrong([f"--out {out} is where --skip-bad writes the bad rows; name another file"])
    elif skip_bad:
        raise CallWrong(["--skip-bad is about the rows of a file; give it with --cohort FILE"])
    plan = read_plan(protocol)
    subjects = one_subject(plan, facts, calendar, on) if cohort is None else cohort_subjects(plan, cohort, calendar, on, skip_bad=skip_bad)
    if branches:
        subjects = subjects.branches()
    if form == "ics":
        _refuse_titles(subjects)
    with progress_bar("Working out dates", len(subjects.facts)) as progress:
        schedule = _schedule(subjects, cohort, progress)
    _write(subjects, schedule, form, out, all_visits, bom=bom)


def _schedule(subjects: Subjects, cohort: Path | None, progress: Callable[[int], None] | None) -> Schedule:
    """The schedule; raises InputWrong that names the cohort file where the calendar holds no day for one of its subjects."""
    from planner.schedule.expand import NoOpenDayError

    try:
        return subjects.schedule(progress)
    except NoOpenDayError as error:
        if cohort is None:
            raise
        closing = "Nothing was written. Mend the row of that subject or its calendar, or leave the row out."
        raise InputWrong([f"{cohort}: {error}"], closing) from None


def _refuse_titles(subjects: Subjects) -> None:
    """Raise InputWrong for subject ids that must not stand in the titles of calendar events."""
    from planner.exchange.fact_texts import LONGEST_CODE, is_code

    wrong = [subject.subject for subject in subjects.facts if not is_code(subject.subject)]
    if wrong:
        raise InputWrong(
            [f"subject {subject} cannot stand in the titles of calendar events" for subject in wrong],
            "A calendar is seen by others, so a subject number has letters, digits, dashes and underscores only, begins with a letter "
            f"or digit and has at most {LONGEST_CODE} characters. Never give a name.",
        )


def _write(subjects: Subjects, schedule: Schedule, form: str, out: Path | None, all_visits: bool, *, bom: bool) -> None:
    from planner.commands.notices import notices

    if form == "table":
        from planner.commands.schedule_table import schedule_tables

        write_out(schedule_tables(schedule, all_visits=all_visits, to_terminal=out is None), out)
        return
    if form == "csv":
        from planner.exchange.schedule_csv import schedule_csv, with_byte_order_mark

        pieces = schedule_csv(_rows(schedule, all_visits))
        write_out(with_byte_order_mark(pieces) if bom else pieces, out)
    elif form == "xlsx":
        from planner.exchange.schedule_csv import COLUMNS, values
        from planner.exchange.spreadsheets.workbook import Sheet, workbook_bytes

        write_workbook(workbook_bytes([Sheet("visits", COLUMNS, map(values, _rows(schedule, all_visits)))]), out)
    elif form == "json":
        write_out(_json(schedule, all_visits), out)
    else:
        _write_ics(subjects, schedule, out, all_visits)
    for notice in notices(schedule):
        say(notice)


def _rows(schedule: Schedule, all_visits: bool) -> Iterator[VisitRow]:
    from planner.commands.subjects import progress_bar
    from planner.schedule.table import visit_table
    from planner.schedule.visit_rows import table_rows

    table = visit_table(schedule, all_visits=all_visits)
    if len(schedule.cohort) == 1:
        yield from table_rows(table)
        return
    with progress_bar("Writing visits", len(table)) as progress:
        for number, row in enumerate(table_rows(table), start=1):
            yield row
            if progress is not None and number % 5000 == 0:
                progress(5000)


def _json(schedule: Schedule, all_visits: bool) -> Iterable[str]:
    from planner.exchange.schedule_json import SubjectSchedule, schedule_json
    from planner.schedule.checks import findings
    from planner.schedule.days import day_date
    from planner.schedule.visit_rows import subject_rows

    subjects = (
        SubjectSchedule(
            subject=subject,
            calendar=schedule.calendar_of(index).name,
            as_of=day_date(schedule.as_of_day(index)),
            visits=subject_rows(schedule, index, all_visits=all_visits),
            findings=findings(schedule, [index]),
        )
        for index, subject in enumerate(schedule.cohort.subjects)
    )
    return schedule_json(schedule.plan.protocol.id, schedule.plan.protocol.version, subjects)


def _write_ics(subjects: Subjects, schedule: Schedule, out: Path | None, all_visits: bool) -> None:
    from planner.commands.notices import times_refused
    from planner.exchange.ics import calendar_bytes
    from planner.exchange.ics_settings import CalendarSettings, texts_to_bring, texts_to_prepare
    from planner.exchange.install_key import install_key
    from planner.schedule.facts_only import facts_only

    zones = sorted({calendar.zone for calendar in schedule.calendars})
    if len(zones) > 1:
        raise InputWrong([f"One calendar file has one time zone, and these subjects have {', '.join(zones)}; expand each site by itself"])
    refused = times_refused(schedule, zones[0])
    if refused:
        raise InputWrong(refused)
    protocol = schedule.plan.protocol
    settings = CalendarSettings(
        study=protocol.id.upper(),
        zone=zones[0],
        as_of=subjects.days[0],
        install_key=install_key(),
        bring=texts_to_bring(protocol, "en"),
        prepare=texts_to_prepare(protocol, "en"),
    )
    # Whoever keeps the file reads it on later days, so nothing in it hangs on the day asked.
    lasting = facts_only(schedule.plan, schedule.cohort, schedule.calendars)
    write_out([calendar_bytes(_rows(lasting, all_visits), settings).decode("utf-8")], out)
