"""A round of mails: each person's worklist once a day, whatever fails on the way, and whoever else runs the same.

A mail is claimed in the database before it is sent, and marked as sent after the server's answer. Whatever fails in between gives it back,
so the next run sends it; what was sent stays sent.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Connection

from planner.exchange.digest.addresses import Recipient
from planner.exchange.digest.digest import Digest, digest_day, digest_of, visits_file, without_rows
from planner.exchange.digest.message import Letterhead, digest_message, message_id
from planner.exchange.digest.sending import MailError, ServerError, send_mail
from planner.exchange.digest.smtp_settings import SmtpSettings
from planner.exchange.digest.words import DigestLanguage
from planner.exchange.today import now as present
from planner.records.people.rights import NotAllowedError
from planner.records.people.settings import Settings, read_settings
from planner.records.store.database import Database
from planner.records.traces.digests import CLAIM_HOLDS, DigestKey, Standing, claim, mark_sent, release, standing

Ending = Literal["sent", "sent_before", "nothing_to_see_to", "not_sent"]
Rows = Literal["rows", "rows_and_calendar", "counts"]


@dataclass(frozen=True, slots=True)
class DigestForm:
    """What all mails of a round have in common."""

    sender: str
    install_key: bytes
    language: DigestLanguage = "en"
    rows: Rows = "rows"
    """The counts and the rows, a calendar file of the rows' visits besides, or the counts alone."""


@dataclass(frozen=True, slots=True)
class Post:
    """Which server the mails are handed to, and which of them are sent at all."""

    server: SmtpSettings
    context: ssl.SSLContext | None
    again: bool = False
    """Those of today that were sent before too."""
    skip_empty: bool = False
    """None to those who have nothing to see to."""
    clock: Callable[[], datetime] = present
    """A round can last longer than a claim holds, so each claim asks anew what time it is."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one person's mail."""

    account: str
    ending: Ending
    sentence: str

    @property
    def is_fine(self) -> bool:
        """Whether the person has, or needs, no other mail today."""
        return self.ending != "not_sent"


def written_mail(connection: Connection, settings: Settings, recipient: Recipient, form: DigestForm, now: datetime) -> bytes:
    """A person's mail as it would be sent now; nothing is sent or noted. Raises NotAllowedError where the person may read nothing."""
    digest = _digest(connection, settings, recipient.account, form, now)
    return _message(digest, recipient, form, now, message_id(form.install_key, recipient.account, digest.day, form.sender))


def mail_round(database: Database, recipients: Sequence[Recipient], form: DigestForm, post: Post) -> Iterator[Outcome]:
    """Send each person's mail, one after the other, and tell of each what became of it.

    Once the server cannot be used, nobody else's mail is tried: each try would wait for it again. Raises DatabaseError.
    """
    server_fault: ServerError | None = None
    for recipient in recipients:
        if server_fault is not None:
            yield Outcome(recipient.account, "not_sent", f"{recipient.account}: not tried, since the mail server cannot be used.")
            continue
        try:
            yield _mail(database, recipient, form, post)
        except ServerError as error:
            server_fault = error
            yield Outcome(recipient.account, "not_sent", f"{recipient.account}: {error}")
        except (MailError, NotAllowedError) as error:
            yield Outcome(recipient.account, "not_sent", f"{recipient.account}: {error}")


def _mail(database: Database, recipient: Recipient, form: DigestForm, post: Post) -> Outcome:
    """One person's mail, if it is to be sent. Raises MailError, NotAllowedError."""
    account, now = recipient.account, post.clock()
    with database.reading() as connection:
        settings = read_settings(connection)
        day = digest_day(connection, settings, account, now)
        passed_over = _passed_over(standing(connection, DigestKey(account, day), now), account, day, post)
        if passed_over is not None:
            return passed_over
        digest = _digest(connection, settings, account, form, now)
    if post.skip_empty and digest.is_empty:
        return Outcome(account, "nothing_to_see_to", f"{account}: nothing to see to on {day}, so no mail.")
    return _claim_and_send(database, recipient, digest, form, post)


def _claim_and_send(database: Database, recipient: Recipient, digest: Digest, form: DigestForm, post: Post) -> Outcome:
    account, key, now = recipient.account, DigestKey(recipient.account, digest.day), post.clock()
    with database.writing() as connection:
        found = standing(connection, key, now)
        passed_over = _passed_over(found, account, digest.day, post)
        if passed_over is not None:
            return passed_over
        # One that was sent already is sent again on purpose.
        number = message_id(form.install_key, account, digest.day, form.sender, None if found.sent_at is None else now)
        claimed_at = claim(connection, key, number, now)
    try:
        content = _message(digest, recipient, form, now, number)
        send_mail(post.server, post.context, form.sender, recipient.address, content)
    except BaseException:
        with database.writing() as connection:
            release(connection, key, claimed_at)
        raise
    with database.writing() as connection:
        mark_sent(connection, key, claimed_at, post.clock())
    return Outcome(account, "sent", f"{account}: sent for {digest.day}.")


def _passed_over(found: Standing, account: str, day: date, post: Post) -> Outcome | None:
    """Why the mail is not to be sent now; None where it is."""
    if found.claimed_at is not None:
        since, until = f"{found.claimed_at:%H:%M} UTC", f"{found.claimed_at + CLAIM_HOLDS:%H:%M} UTC"
        return Outcome(
            account, "not_sent", f"{account}: another run has been at it since {since}. If that one was stopped, run again after {until}."
        )
    if found.sent_at is not None and not post.again:
        return Outcome(account, "sent_before", f"{account}: sent already for {day}, at {found.sent_at:%Y-%m-%d %H:%M} UTC.")
    return None


def _digest(connection: Connection, settings: Settings, account: str, form: DigestForm, now: datetime) -> Digest:
    digest = digest_of(connection, settings, account, now)
    match form.rows:
        case "rows":
            return digest
        case "counts":
            return without_rows(digest)
        case "rows_and_calendar":
            calendar = visits_file(connection, settings, account, digest.worklist.rows, form.language, form.install_key)
            return replace(digest, calendar=calendar)


def _message(digest: Digest, recipient: Recipient, form: DigestForm, now: datetime, number: str) -> bytes:
    return digest_message(digest, Letterhead(form.sender, recipient, number, now, form.language))
