"""``amend``: subjects go over to another version of their protocol, after a look at every visit."""

from __future__ import annotations

from typing import Annotated

import typer

from planner.commands import options as plan_options
from planner.commands.failures import CallWrong, command
from planner.commands.output import tell
from planner.commands.records import options
from planner.commands.records.changing import show_proposal
from planner.commands.records.desk import caller, existing_records
from planner.commands.records.texts import named_values


@command
def amend(
    protocol: plan_options.Protocol,
    subjects: Annotated[
        list[str] | None, typer.Argument(metavar="[SUBJECT]...", help="The subjects that go over to it.", show_default=False)
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="All subjects of the study.")] = False,
    site: options.Site = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PARAM=VALUE", help="A parameter that the new version asks for. Repeatable.", show_default=False),
    ] = None,
    note: options.Note = None,
    dry_run: options.DryRun = False,
    account: options.Account = None,
) -> None:
    """Move subjects to another version of their protocol: every visit before and after; done visits stay as they are."""
    from planner.protocol.library import protocol_path, protocol_text
    from planner.protocol.read import read_protocol
    from planner.records.changes.amendment import propose_amendment
    from planner.records.changes.change import save_all
    from planner.records.lists.site_schedules import schedules
    from planner.records.people.readable import open_subject

    if bool(subjects) == (all_ or site is not None):
        raise CallWrong(["Name the subjects, or give --all or --site for all of the study"])
    who = caller(account)
    path = protocol_path(protocol)
    text = protocol_text(path)
    study = read_protocol(text, str(path)).id
    with existing_records() as database:
        with database.reading() as connection:
            if subjects:
                keys = [open_subject(connection, who, entry).key for entry in subjects]
            else:
                sites = None if site is None else [site]
                keys = [key for entry in schedules(connection, who, studies=[study], sites=sites) for key in entry.keys]
            parameters = named_values("--set", set_, "PARAM=VALUE")
            proposals = propose_amendment(connection, who, text, str(path), keys, parameters, note=(note or "").strip())
        for proposal in proposals:
            show_proposal(proposal)
        moved = sum(bool(proposal.moves) for proposal in proposals)
        tell(f"Subjects to amend: {len(proposals)}; visits change of {moved}.")
        if dry_run:
            tell("Nothing was written (--dry-run).")
            return
        with database.writing() as connection:
            save_all(connection, who, proposals)
    tell(f"Saved: {len(proposals)} subjects follow {path.name} now.")
