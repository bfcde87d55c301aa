"""``set``, ``transfer`` and ``note``: what is chosen for a subject, where it is treated, what else is worth knowing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from planner.commands.failures import CallWrong, command
from planner.commands.records import options
from planner.commands.records.changing import How, Known, change
from planner.commands.records.texts import read_day

if TYPE_CHECKING:
    from planner.records.facts.fact import NewFact

START = "start"


@command
def set_(
    subject: options.Subject,
    setting: Annotated[
        str,
        typer.Argument(
            metavar="NAME=VALUE", help="A parameter (cycles=6), a milestone (CONSENT=2026-02-20), or start=DATE.", show_default=False
        ),
    ],
    reason: options.Reason = None,
    note: options.Note = None,
    seen: options.Seen = None,
    dry_run: options.DryRun = False,
    account: options.Account = None,
) -> None:
    """Set a parameter, a milestone or another start."""
    name, mark, value = (part.strip() for part in setting.partition("="))
    if not (name and mark and value):
        raise CallWrong([f'"{setting}" is incomplete; write NAME=VALUE, such as cycles=6, CONSENT=2026-02-20 or start=2026-03-02'])
    how = How(reason, note, seen, dry_run, account)
    change(subject, how, lambda known: _facts(known, name, value, how.why))


def _facts(known: Known, name: str, value: str, why: dict[str, str]) -> tuple[NewFact, ...]:
    """A milestone where the subject's protocol has one of that name, else a parameter; the rest is for the refusal to say."""
    from planner.records.changes.acts import milestone_set, parameter_set, start_moved
    from planner.records.fold.fact_table import fact_table
    from planner.records.fold.subject_facts import subject_state
    from planner.records.pinned.contents import PinnedContents
    from planner.schedule.fact_faults import parameter_value

    if name == START:
        return start_moved(read_day(START, value), **why)
    plan = subject_state(fact_table(known.facts), PinnedContents(known.connection)).plan
    if name in plan.protocol.milestones:
        return milestone_set(name, read_day(name, value), **why)
    spelled = parameter_value(plan, name, value) if name in plan.protocol.parameters else value
    return parameter_set(name, spelled or value, **why)


@command
def transfer(
    subject: options.Subject,
    site: Annotated[str, typer.Argument(metavar="SITE", help="The code of the new site.", show_default=False)],
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="The first day there.", show_default=False)],
    reason: options.Reason = None,
    note: options.Note = None,
    seen: options.Seen = None,
    dry_run: options.DryRun = False,
    account: options.Account = None,
) -> None:
    """Move a subject to another site: from that day on its calendar counts."""
    from planner.records.changes.acts import site_transferred
    from planner.records.people.rights import readable_settings

    how = How(reason, note, seen, dry_run, account)
    day = read_day("--on", on)
    change(subject, how, lambda known: site_transferred(readable_settings(known.connection, known.caller), site, day, **how.why))


@command
def note(
    subject: options.Subject,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The note; it never leaves in feeds or exports.", show_default=False)],
    seen: options.Seen = None,
    dry_run: options.DryRun = False,
    account: options.Account = None,
) -> None:
    """Add a note about a subject."""
    from planner.records.changes.acts import noted

    change(subject, How(None, None, seen, dry_run, account), lambda _: noted(text.strip()))
