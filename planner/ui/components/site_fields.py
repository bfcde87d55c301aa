"""What a site is, as inputs: its code, what its subjects' numbers look like, its working days, and whom its subjects call."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from sqlalchemy import Connection

from planner.records.caller import Caller
from planner.records.people.administration import LONGEST_CONTACT, append_administration, set_site_contact, settings_to_change
from planner.records.people.site_setup import set_up_site
from planner.records.people.subject_pattern import LONGEST_PATTERN, SubjectPatternError, require_subject_pattern
from planner.schedule.calendar import CalendarError, SiteCalendar
from planner.ui import cached, link
from planner.ui.components.subject_form import OTHER, calendar_words
from planner.ui.language import t
from planner.ui.number_patterns import FEWEST_DIGITS, MOST_DIGITS, USUAL_DIGITS, example_number, numbers_like
from planner.ui.refusals import say_refusal
from planner.ui.words import unformatted

_CHINA = "CN"


@dataclass(frozen=True, eq=False)
class SiteEntries:
    """What was entered about a new site."""

    code: str
    pattern: str
    calendar: SiteCalendar
    contact: str


def site_fields(key: str) -> SiteEntries | None:
    """Draw the inputs, whose keys begin with ``key``, and a button; what was entered once it is pressed and can be used."""
    code = (
        st.text_input(
            t("Code of the site"),
            key=f"{key}.code",
            max_chars=12,
            placeholder=t("such as PEK or SITE-02"),
            help=t("1 to 12 capital letters, digits and -. It stands beside each subject, and cannot be changed later."),
            on_change=link.touched,
        )
        or ""
    ).strip()
    pattern = pattern_field(key, code)
    calendar = calendar_field(key)
    contact = contact_field(key)
    if not st.button(t("Set up this site"), key=f"{key}.save", icon=":material/add_location:"):
        return None
    if not code:
        st.error(t("Give the site a code first, such as PEK."), icon=":material/error:")
    elif calendar is None and not is_calendar_named(key):
        st.error(t("Give the code of the country or region first, such as US-NY, DE-BY or JP."), icon=":material/error:")
    elif pattern is not None and calendar is not None:
        return SiteEntries(code, pattern, calendar, contact)
    return None


def contact_field(key: str) -> str:
    """Whom subjects call."""
    text = st.text_input(
        t("Whom subjects call (optional)"),
        key=f"{key}.contact",
        max_chars=LONGEST_CONTACT,
        placeholder=t("such as Study office, 010 5555 0100"),
        help=t("An office and a number, as it stands on printed calendars. No names."),
        on_change=link.touched,
    )
    return (text or "").strip()


def is_calendar_named(key: str) -> bool:
    """Whether it is said which working days are wanted."""
    return st.session_state[f"{key}.calendar"] != OTHER or bool((st.session_state.get(f"{key}.country") or "").strip())


def write_site(connection: Connection, caller: Caller, entries: SiteEntries) -> None:
    """Make the site; ``connection`` is that of a ``writing()``. Raises RecordsError."""
    set_up_site(connection, caller, entries.code, entries.pattern, entries.calendar)
    if entries.contact:
        append_administration(connection, caller, [set_site_contact(settings_to_change(connection, caller), entries.code, entries.contact)])


def pattern_field(key: str, code: str) -> str | None:
    """What subject numbers look like; None (with a sentence) while that cannot be used."""
    beside = st.columns(2, vertical_alignment="bottom")
    if st.session_state.get(f"{key}.own-pattern"):
        pattern = beside[0].text_input(
            t("Pattern of subject numbers"),
            key=f"{key}.pattern",
            max_chars=LONGEST_PATTERN,
            placeholder=r"(PEK|SHA)-\d{3,4}",
            help=t("A regular expression of letters, digits, classes and choices, that the whole number matches."),
            on_change=link.touched,
        )
    else:
        beginning = beside[0].text_input(
            t("Subject numbers begin with"),
            value=f"{code}-" if code else "",
            key=f"{key}.beginning.{code}",
            max_chars=16,
            help=t("The same for all subjects of the site; it may be empty."),
            on_change=link.touched,
        )
        digits = beside[1].number_input(
            t("and end in so many digits"), FEWEST_DIGITS, MOST_DIGITS, USUAL_DIGITS, key=f"{key}.digits", on_change=link.touched
        )
        pattern = numbers_like((beginning or "").strip(), int(digits))
    refused: SubjectPatternError | None = None
    try:
        require_subject_pattern(pattern or "")
        example = example_number(pattern or "")
        if example:
            st.caption(t("The first subject is then number {example}.", example=unformatted(example)))
    except SubjectPatternError as error:
        refused = error
    st.checkbox(t("Numbers of another form (write a pattern)"), key=f"{key}.own-pattern", on_change=link.touched)
    if refused is None:
        return pattern
    if pattern:
        say_refusal(refused)
    return None


def calendar_field(key: str) -> SiteCalendar | None:
    """The working days; None (with a sentence) while they are not known."""
    words = calendar_words()
    chosen = st.selectbox(
        t("Working days of the site"),
        [_CHINA, *(name for name in words if name != _CHINA)],
        format_func=words.__getitem__,
        key=f"{key}.calendar",
        help=t("They are kept as they are now, so that no visit ever moves by itself. More exact ones can be loaded later, in Settings."),
        on_change=link.touched,
    )
    name = chosen
    if chosen == OTHER:
        name = (
            st.text_input(
                t("Country or region code"),
                key=f"{key}.country",
                placeholder=t("such as US-NY, DE-BY or JP"),
                max_chars=12,
                on_change=link.touched,
            )
            or ""
        ).strip()
    if not name:
        return None
    try:
        return cached.calendar(name)
    except CalendarError as error:
        say_refusal(error)
        return None
