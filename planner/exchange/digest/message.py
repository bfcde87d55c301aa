"""The mail itself (RFC 5322): plain text and HTML of the same content, and the visits as a calendar file where asked for."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date, datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from planner.exchange.digest.addresses import Recipient, domain_of
from planner.exchange.digest.digest import Digest
from planner.exchange.digest.html_text import html_text
from planner.exchange.digest.lines import title
from planner.exchange.digest.plain_text import plain_text
from planner.exchange.digest.words import DigestLanguage, digest_words

_SEVEN_BITS = SMTP.clone(cte_type="7bit")
"""CRLF line ends, and ASCII only, whatever a server on the way can do."""
_SHOWN_OCTETS = 16
"""Half of an HMAC-SHA256, as of events' UIDs."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What a mail says besides the worklist."""

    sender: str
    recipient: Recipient
    message_id: str
    """With its angle brackets."""
    at: datetime
    """When the mail was made; aware."""
    language: DigestLanguage = "en"


def message_id(install_key: bytes, account: str, day: date, sender: str, again_at: datetime | None = None) -> str:
    """The Message-ID of a person's mail of a day: the same however often it is tried, so that two of it can be known as one.

    ``again_at``: of a mail that is sent once more on purpose, which is to be seen and so gets a Message-ID of its own.
    """
    parts = ("digest", account, day.isoformat(), "" if again_at is None else again_at.isoformat())
    told = "".join([f"{len(part)}:{part}" for part in parts]).encode("utf-8")
    return f"<{hmac.digest(install_key, told, 'sha256')[:_SHOWN_OCTETS].hex()}@{domain_of(sender)}>"


def digest_message(digest: Digest, letterhead: Letterhead) -> bytes:
    """The mail, CRLF line ends, ASCII octets only. The same digest and letterhead give the same bytes."""
    words = digest_words(letterhead.language)
    message = EmailMessage(policy=_SEVEN_BITS)
    message["From"] = letterhead.sender
    message["To"] = letterhead.recipient.address
    message["Date"] = format_datetime(letterhead.at)
    message["Message-ID"] = letterhead.message_id
    # By RFC 3834 nobody's absence is answered to this.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(plain_text(digest, words))
    message.add_alternative(html_text(digest, words), subtype="html")
    if digest.calendar is not None:
        message.add_attachment(digest.calendar, maintype="text", subtype="calendar", filename=words.file_name, params={"charset": "utf-8"})
    _set_boundaries(message, letterhead.message_id)
    return _subject_line(title(digest, words)) + message.as_bytes()


def _subject_line(text: str) -> bytes:
    """The Subject, folded. ``EmailMessage`` loses blanks, or adds one, where it folds a long one."""
    charset = "us-ascii" if text.isascii() else "utf-8"
    folded = Header(text, charset, header_name="Subject").encode(linesep="\r\n")
    return f"Subject: {folded}\r\n".encode("ascii")


def _set_boundaries(message: EmailMessage, message_id: str) -> None:
    """Borders that follow from the Message-ID; left alone, they would be drawn by chance."""
    several = [part for part in message.walk() if part.is_multipart()]
    for number, part in enumerate(several):
        part.set_boundary(f"=_{message_id[1 : 2 * _SHOWN_OCTETS + 1]}_{number}")
