"""``digest``: everybody's worklist by mail, once a day."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from planner.commands.failures import CallWrong, InputWrong, command
from planner.commands.output import tell
from planner.commands.records import options
from planner.commands.records.desk import caller, existing_records

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.exchange.digest.addresses import Recipient
    from planner.exchange.digest.mailing import DigestForm, Rows
    from planner.records.caller import Caller
    from planner.records.people.settings import Settings
    from planner.records.store.database import Database

Language = Literal["en", "zh-CN"]


@command
def digest(
    to: Annotated[
        list[str] | None,
        typer.Option(
            "--to",
            metavar="ACCOUNT[=ADDRESS]",
            help="Whose worklist to mail. The address: this one, else the account itself, else ACCOUNT@PLANNER_MAIL_DOMAIN. Repeatable.",
            show_default=False,
        ),
    ] = None,
    coordinators: Annotated[bool, typer.Option("--coordinators", help="To everybody who is granted the role coordinator.")] = False,
    language: Annotated[Language, typer.Option("--lang", help="The language of the mails.")] = "en",
    ics: Annotated[bool, typer.Option("--ics", help="Attach the visits as a calendar file.")] = False,
    no_subjects: Annotated[bool, typer.Option("--no-subjects", help="Counts only: no visit, no subject number.")] = False,
    skip_empty: Annotated[bool, typer.Option("--skip-empty", help="No mail to those who have nothing to see to.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Also to those who had theirs today.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write the mail instead of sending it.")] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FOLDER", help="With --dry-run: write ACCOUNT.eml for each, into this folder.", show_default=False),
    ] = None,
    account: options.Account = None,
) -> None:
    """Mail each person their worklist: counts first, rows after; one mail per person and day."""
    from planner.exchange.digest.mailing import DigestForm
    from planner.exchange.digest.smtp_settings import sender_of
    from planner.exchange.install_key import install_key
    from planner.records.people.settings import read_settings

    _require_a_sensible_call(to, out, coordinators=coordinators, dry_run=dry_run, ics=ics, no_subjects=no_subjects)
    who = caller(account)
    rows: Rows = "counts" if no_subjects else "rows_and_calendar" if ics else "rows"
    form = DigestForm(sender_of(os.environ), install_key(), language, rows)
    with existing_records() as database:
        with database.reading() as connection:
            settings = read_settings(connection)
        recipients = _recipients(settings, to or [], coordinators=coordinators)
        _require_right(settings, who, recipients)
        if dry_run:
            _write(database, recipients, form, who, out)
        else:
            _send(database, recipients, form, again=again, skip_empty=skip_empty)


def _require_a_sensible_call(
    to: list[str] | None, out: Path | None, *, coordinators: bool, dry_run: bool, ics: bool, no_subjects: bool
) -> None:
    if not to and not coordinators:
        raise CallWrong(["Whose worklist? Give --to ACCOUNT (repeatable), or --coordinators"])
    if out is not None and not dry_run:
        raise CallWrong(["--out is where --dry-run writes; give both, or leave --out out to send"])
    if ics and no_subjects:
        raise CallWrong(["--ics and --no-subjects: a calendar file names the subjects; give one of the two"])


def _recipients(settings: Settings, to: Sequence[str], *, coordinators: bool) -> list[Recipient]:
    """Everybody asked for, once, with an address each; all are looked at before anything is sent."""
    from planner.exchange.digest.addresses import AddressError, recipient
    from planner.exchange.digest.smtp_settings import domain_of_accounts
    from planner.records.facts.account import AccountError
    from planner.records.people.roles import Role

    named = {text.partition("=")[0] for text in to}
    granted = sorted({grant.person for grant in settings.grants if grant.role is Role.COORDINATOR} - named) if coordinators else []
    if coordinators and not granted and not to:
        raise InputWrong(["Nobody is granted the role coordinator. Grant it with `person grant`, or name accounts with --to."])
    domain = domain_of_accounts(os.environ)
    found: dict[str, Recipient] = {}
    faults = []
    for text in [*to, *granted]:
        try:
            one = recipient(text, domain)
        except (AccountError, AddressError) as error:
            faults.append(f"--to: {error}")
            continue
        if found.setdefault(one.account, one) != one:
            faults.append(f"--to: {one.account} is given with two addresses; one mail goes to a person, so give one of them.")
    if faults:
        raise CallWrong(faults)
    return list(found.values())


def _require_right(settings: Settings, who: Caller, recipients: Sequence[Recipient]) -> None:
    """Mailing others takes the right to administer; one's own worklist is asked for as its reader."""
    from planner.records.people.rights import EVERYWHERE, Action, allowed_role

    if any(one.account != who.who for one in recipients):
        allowed_role(settings, who.who, Action.ADMINISTER, EVERYWHERE)


def _write(database: Database, recipients: Sequence[Recipient], form: DigestForm, who: Caller, out: Path | None) -> None:
    """The mails as files, or the only one on standard output."""
    from planner.exchange.digest.mailing import written_mail
    from planner.exchange.write_file import whole_private_file
    from planner.records.people.rights import NotAllowedError
    from planner.records.people.settings import read_settings

    if out is None and len(recipients) > 1:
        raise CallWrong([f"--dry-run would write {len(recipients)} mails; give --out FOLDER, or one --to"])
    faults = []
    with database.reading() as connection:
        settings = read_settings(connection)
        for one in recipients:
            try:
                content = written_mail(connection, settings, one, form, who.now)
            except NotAllowedError as error:
                faults.append(f"{one.account}: {error}")
                continue
            if out is None:
                sys.stdout.flush()
                sys.stdout.buffer.write(content)
            else:
                path = out / f"{one.account}.eml"
                with whole_private_file(path) as file:
                    file.write(content)
                tell(f"{one.account}: written to {path}; nothing was sent.")
    if faults:
        raise InputWrong(faults)


def _send(database: Database, recipients: Sequence[Recipient], form: DigestForm, *, again: bool, skip_empty: bool) -> None:
    """The mails to the server; fails at the end if somebody did not get theirs."""
    from planner.exchange.digest.mailing import Post, mail_round
    from planner.exchange.digest.sending import tls_context
    from planner.exchange.digest.smtp_settings import smtp_settings

    server = smtp_settings(os.environ)
    faults = []
    for outcome in mail_round(database, recipients, form, Post(server, tls_context(server), again, skip_empty)):
        if outcome.is_fine:
            tell(outcome.sentence)
        else:
            faults.append(outcome.sentence)
    if faults:
        closing = f"{len(faults)} of {len(recipients)} mails were not sent. The same command sends these; without --again, no other twice."
        raise InputWrong(faults, closing)
