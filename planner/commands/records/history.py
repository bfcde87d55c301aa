"""``history`` and ``changes``: what was recorded, every date a visit has had, and what changed since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from planner.commands.failures import CallWrong, command
from planner.commands.options import Bom, Out
from planner.commands.records import options
from planner.commands.records.desk import caller, existing_records
from planner.commands.records.listing import Cell, Listing, show
from planner.commands.records.texts import read_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.records.facts.fact import Fact
    from planner.records.history.changes import SubjectChanges, VisitState
    from planner.records.history.history import VisitHistory

FACT_COLUMNS = ("subject", "number", "recorded_at", "who", "role", "said", "reason", "in_force", "study")
WITH_NOTES = (*FACT_COLUMNS, "note")
VISIT_COLUMNS = (
    "subject",
    "visit",
    "revision",
    "recorded_at",
    "who",
    "role",
    "said",
    "reason",
    "status",
    "planned",
    "earliest",
    "latest",
    "effective",
    "was_planned",
    "was_effective",
    "was_status",
    "study",
)
CHANGE_COLUMNS = (
    "subject",
    "visit",
    "name",
    "what",
    "was_planned",
    "was_effective",
    "was_status",
    "planned",
    "effective",
    "status",
    "moved",
    "from_revision",
    "to_revision",
    "study",
)


@command
def history(
    subject: options.Subject,
    visit: Annotated[str | None, typer.Argument(metavar="[VISIT]", help="One visit: every date it has had.", show_default=False)] = None,
    with_notes: Annotated[bool, typer.Option("--with-notes", help="The notes too: free text, not for others.")] = False,
    format_: options.Format = None,
    out: Out = None,
    bom: Bom = False,
    account: options.Account = None,
) -> None:
    """Show the facts of a subject, or every date that a visit has had, when, by whom and why."""
    from planner.records.history.history import visit_history
    from planner.records.people.readable import open_subject

    who = caller(account)
    with existing_records() as database, database.reading() as connection:
        opened = open_subject(connection, who, subject)
        key, facts = opened.key, opened.facts
        if visit is not None:
            found = visit_history(connection, who, key, visit)
            show(_visit_listing(found), format_, out, heading=f"{key} {visit}, {found.name}", bom=bom)
            return
    listing = _fact_listing(facts, WITH_NOTES if with_notes else FACT_COLUMNS)
    show(listing, format_, out, heading=f"{key}, {len(facts)} facts", bom=bom)


def _fact_listing(facts: Sequence[Fact], columns: Sequence[str]) -> Listing:
    from planner.records.changes.standing import standing_of
    from planner.records.facts.wording import in_words

    in_force = standing_of(facts)
    rows: list[list[Cell]] = []
    for fact in facts:
        row: list[Cell] = [fact.subject.number, fact.number, fact.recorded_at, fact.who, fact.role, in_words(fact.said), fact.said.reason]
        row += [fact.number in in_force, fact.subject.study, fact.said.note]
        rows.append(row[: len(columns)])
    return Listing(columns, rows)


def _visit_listing(found: VisitHistory) -> Listing:
    rows: list[list[Cell]] = []
    for step in found.steps:
        rows.append(
            [
                found.subject.number,
                found.visit,
                step.revision,
                step.recorded_at,
                step.who,
                step.role,
                "; ".join(step.facts),
                ";".join(step.reasons),
                *_state(step.after, ("standing", "planned", "earliest", "latest", "effective")),
                *_state(step.before, ("planned", "effective", "standing")),
                found.subject.study,
            ]
        )
    return Listing(VISIT_COLUMNS, rows, "This visit has never had a date.")


def _state(state: VisitState | None, names: Sequence[str]) -> list[Cell]:
    return [None if state is None else getattr(state, name) for name in names]


@command
def changes(
    since: Annotated[str, typer.Option("--since", metavar="DATE|N", help="A day, or a subject's revision.", show_default=False)],
    subject: Annotated[
        str | None, typer.Argument(metavar="[SUBJECT]", help="One subject; all of them if left out.", show_default=False)
    ] = None,
    site: options.Site = None,
    study: options.Study = None,
    format_: options.Format = None,
    out: Out = None,
    bom: Bom = False,
    account: options.Account = None,
) -> None:
    """Show what facts changed in the calendar of a subject, or of all, since a day or a revision."""
    from planner.records.history.changes import changes_of_all, changes_since
    from planner.records.people.readable import open_subject

    who = caller(account)
    is_revision = since.strip().isdecimal()
    if subject is None and is_revision:
        raise CallWrong([f"--since {since}: a revision counts one subject's facts; name the subject, or give a day"])
    if subject is not None and (site or study):
        raise CallWrong(["--site and --study choose among all subjects; leave them out where one is named"])
    with existing_records() as database, database.reading() as connection:
        if subject is not None:
            key = open_subject(connection, who, subject).key
            found = [changes_since(connection, who, key, int(since) if is_revision else read_day("--since", since))]
        else:
            day = read_day("--since", since)
            chosen_sites, chosen_studies = None if site is None else [site], None if study is None else [study]
            found = list(changes_of_all(connection, who, day, studies=chosen_studies, sites=chosen_sites))
    show(_change_listing(found), format_, out, heading=_heading(found), bom=bom)


def _heading(found: Sequence[SubjectChanges]) -> str:
    visits = sum(len(entry.visits) for entry in found)
    return f"{visits} visits changed, of {sum(bool(entry.visits) for entry in found)} subjects"


def _change_listing(found: Sequence[SubjectChanges]) -> Listing:
    rows: list[list[Cell]] = []
    for entry in found:
        for visit in entry.visits:
            rows.append(
                [
                    entry.subject.number,
                    visit.visit,
                    visit.name,
                    visit.what,
                    *_state(visit.before, ("planned", "effective", "standing")),
                    *_state(visit.after, ("planned", "effective", "standing")),
                    visit.days_moved,
                    entry.before,
                    entry.now,
                    entry.subject.study,
                ]
            )
    return Listing(CHANGE_COLUMNS, rows, "No visit changed.")
