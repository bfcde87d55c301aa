"""What may not be written about a subject: a subject is a code, and free text holds nothing that tells who that is."""

from __future__ import annotations

from datetime import date

from planner.protocol.said import said
from planner.protocol.said_lists import with_capital
from planner.records.errors import RecordsError
from planner.records.facts.form import LONGEST_TEXT
from planner.records.facts.identity import has_invisible, identity_in, is_number_of_a_person, plain
from planner.records.people.subject_pattern import LONGEST_NUMBER, is_subject_number

YEARS_BEFORE = 15
"""A date further back than this is refused: no visit is so old, and births are."""
USUAL_DAY = date(2025, 1, 1)
"""The day counted back from where none is given, so that the same text is judged alike; site calendars begin 15 years before."""


class PrivacyError(RecordsError, ValueError):
    """A text that would tell who a subject is; the message says what kind of thing was found, and never shows it."""


def require_subject_number(number: str, pattern: str) -> str:
    """``number`` itself, if it is a code (letters, digits, - and _, at most 24) that the site's ``pattern`` matches.

    Raises PrivacyError, without the number: it may be a name.
    """
    if not is_subject_number(number, pattern):
        text = (
            "This is not a subject number of the site. Its numbers are codes of at most {most} letters, digits, - and _ "
            "that match {pattern}; never give a name, a date of birth or a record number."
        )
        raise PrivacyError(said(text, most=LONGEST_NUMBER, pattern=pattern))
    if is_number_of_a_person(number):
        text = "This subject number has the form of an identity or phone number. Give the number that the study gave the subject."
        raise PrivacyError(said(text))
    return number


def require_no_identity(text: str, what: str, today: date = USUAL_DAY) -> str:
    """``text`` itself, if nothing in it tells who somebody is; ``what`` it is stands in the message (``the note``).

    ``today`` is the day that dates are counted back from. Raises PrivacyError for identity, record, phone and other long numbers,
    e-mail addresses, births, dates of more than 15 years ago, control characters, and more than 500 characters.
    A name is found by nobody but the person who writes it.
    """
    name = with_capital(what)
    if len(text) > LONGEST_TEXT:
        wrong = "{name} has {count} characters. Write at most {most}; the source document holds the rest."
        raise PrivacyError(said(wrong, name=name, count=len(text), most=LONGEST_TEXT))
    if has_invisible(text):
        wrong = "{name} holds a line break, a control character or an invisible one. Write it on one line, in plain text."
        raise PrivacyError(said(wrong, name=name))
    found = identity_in(plain(text), date(today.year - YEARS_BEFORE, 1, 1))
    if found is not None:
        wrong = "{name} seems to hold {found}. Leave it out: nothing here may tell who a subject is. Nothing was written."
        raise PrivacyError(said(wrong, name=name, found=said(found)))
    return text
