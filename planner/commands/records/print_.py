"""``print``: a patient's calendar, a clinic's day sheet, or a study's schedule of activities, as a PDF."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from planner.commands.failures import CallWrong, InputWrong, command, say
from planner.commands.options import AsOf
from planner.commands.records import options
from planner.commands.records.desk import caller, existing_records
from planner.commands.records.texts import optional_date

if TYPE_CHECKING:
    from planner.exchange.prints.render import RenderedPrint

Language = Literal["en", "zh-CN"]


@command
def print_(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The PDF file to write.", show_default=False)],
    subject: Annotated[
        str | None,
        typer.Argument(
            metavar="SUBJECT", help="A patient's calendar: STUDY/NUMBER, or the number alone where one study has it.", show_default=False
        ),
    ] = None,
    week: Annotated[
        str | None, typer.Option("--week", metavar="YEAR-Wnn", help="A clinic's day sheet of a week: 2026-W47.", show_default=False)
    ] = None,
    study: Annotated[
        str | None,
        typer.Option(
            "--study",
            metavar="PROTOCOL",
            help="A study's schedule of activities: a name in protocols/, or the path of a protocol file.",
            show_default=False,
        ),
    ] = None,
    language: Annotated[Language, typer.Option("--lang", help="The language of the print.")] = "en",
    since: Annotated[
        int | None,
        typer.Option(
            "--since",
            metavar="N",
            help="Mark what changed since this revision (since the last print of an earlier one if not given).",
            min=1,
            show_default=False,
        ),
    ] = None,
    months: Annotated[
        int | None,
        typer.Option("--months", metavar="N", help="At most so many month pages (18 if not given).", min=1, max=18, show_default=False),
    ] = None,
    site: options.Site = None,
    on: AsOf = None,
    account: options.Account = None,
) -> None:
    """Print a patient's calendar, a clinic's day sheet (--week) or a schedule of activities (--study) as a PDF."""
    _require_one(subject, week, study)
    patients = {"--since": since, "--months": months}
    if subject is not None:
        _refuse("a patient's calendar", {"--site": site})
        _print_subject(subject, out, language, since, months, on, account)
    elif week is not None:
        _refuse("--week", patients)
        _print_week(week, out, language, site, on, account)
    elif study is not None:
        _refuse("--study", {**patients, "--site": site, "--on": on})
        _print_study(study, out, language)


def _require_one(subject: str | None, week: str | None, study: str | None) -> None:
    if sum(given is not None for given in (subject, week, study)) != 1:
        raise CallWrong(["Say what to print, and one thing only: a SUBJECT, --week YEAR-Wnn, or --study PROTOCOL"])


def _refuse(what: str, given: Mapping[str, object]) -> None:
    """Options that would have no effect are refused, lest somebody believe they had one."""
    wrong = [name for name, value in given.items() if value is not None]
    if wrong:
        raise CallWrong([f"{' and '.join(wrong)} cannot be used with {what}; leave it out"])


def _print_subject(
    subject: str, out: Path, language: Language, since: int | None, months: int | None, on: str | None, account: str | None
) -> None:
    from planner.exchange.prints.months import MOST_MONTHS
    from planner.exchange.prints.render import render_patient
    from planner.exchange.prints.subject_print import subject_print
    from planner.records.traces.prints import note_print

    who = caller(account)
    day = optional_date("--on", on)
    with existing_records() as database:
        with database.reading() as connection:
            found = subject_print(
                connection, who, subject, language, as_of=day, since=since, most_months=MOST_MONTHS if months is None else months
            )
        _write(render_patient(found.data, found.moment), out)
        # Only what is written, and may be handed out, was printed: a newer print is compared with it.
        if found.is_of_today:
            with database.writing() as connection:
                note_print(connection, found.subject, found.revision, language, who)
    if not found.is_of_today:
        say(f"This is the calendar as of {day}, not of today: it is not noted as printed. Do not hand it out.")
    if found.left:
        say(f"{found.subject} left the study ({found.left}). Make sure that this calendar should go to anybody.")
    if found.data.months_cut:
        say(f"The print has {len(found.data.months)} month pages; later visits are in its list only.")
    say(f"{out}: calendar of {found.subject}, revision {found.revision}.")


def _print_week(week: str, out: Path, language: Language, site: str | None, on: str | None, account: str | None) -> None:
    from planner.exchange.prints.render import render_week
    from planner.exchange.prints.week import WeekTextError, last_moment, shown_day, week_of, week_print
    from planner.records.lists.site_schedules import schedules

    try:
        asked = week_of(week)
    except WeekTextError as error:
        raise InputWrong([f"--week: {error}"]) from None
    who = caller(account)
    day = optional_date("--on", on)
    with existing_records() as database, database.reading() as connection:
        found = schedules(connection, who, day, sites=None if site is None else [site])
    sheet = week_print(found, asked, language, day or shown_day(found) or who.today("UTC"), site)
    _write(render_week(sheet, last_moment(found)), out)
    count = sum(visit.is_attended for entry in sheet.days for visit in entry.visits)
    say(f"{out}: {count} visit{'' if count == 1 else 's'} of week {asked}.")


def _print_study(study: str, out: Path, language: Language) -> None:
    from planner.exchange.prints.render import render_study
    from planner.exchange.prints.study import study_print
    from planner.protocol.library import load_protocol

    protocol = load_protocol(study)
    _write(render_study(study_print(protocol, language)), out)
    say(f"{out}: schedule of activities of {protocol.id}, version {protocol.version}.")


def _write(rendered: RenderedPrint, out: Path) -> None:
    from planner.exchange.write_file import whole_private_file

    if str(out) == "-":
        raise CallWrong(["--out -: a print is a file; name one that ends in .pdf"])
    with whole_private_file(out) as file:
        file.write(rendered.pdf)
    if rendered.warning is not None:
        say(rendered.warning)
