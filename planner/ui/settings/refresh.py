"""Giving a site other working days: what they move is shown for every subject, then all of it is saved or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import streamlit as st

from planner.exchange.schedule_csv import table_csv, with_byte_order_mark
from planner.records.changes.calendar_refresh import CalendarRefresh, propose_refresh, refresh_of_subject, save_refresh
from planner.records.changes.view import subject_view
from planner.records.facts.chain import content_hash
from planner.records.facts.fact import SubjectKey
from planner.records.pinned.calendar_content import calendar_text
from planner.records.store.append import ConflictError
from planner.records.traces.prints import last_printed
from planner.schedule.calendar import SiteCalendar
from planner.schedule.day_words import named_calendar
from planner.schedule.days import day_date
from planner.schedule.unusual_days import provisional_years
from planner.ui import link
from planner.ui.components.before_after import before_after
from planner.ui.components.download import download
from planner.ui.components.list_table import ROWS, first_row, list_table, start_over, turn_pages
from planner.ui.desk import Desk, desk
from planner.ui.language import in_language, language, speaking, t, tn
from planner.ui.notices import notice
from planner.ui.refusals import SAYS_WHY, refusals_said, say_refusal
from planner.ui.settings.new_calendar import new_calendar
from planner.ui.settings.refresh_effects import Effect, counts_words, effect_columns, effect_line, effects, effects_html, without_visits
from planner.ui.settings.saving import fresh
from planner.ui.settings.years import years_words
from planner.ui.words import short_date, unformatted

_PREVIEW, _SUBJECT, _LIST = "settings.refresh", "settings.refresh-subject", "settings.refresh-list"
_FORM_WIDTH = 640


@dataclass(frozen=True, eq=False)
class _Preview:
    """What was worked out, for which site and days."""

    about: tuple[str, str, str]
    refresh: CalendarRefresh
    """What is saved; without the visits, which the dialog asks for one subject at a time."""
    effects: tuple[Effect, ...]


def refresh_panel(at: Desk, site: str) -> None:
    """Draw it, for somebody who may."""
    st.markdown(
        t(
            "Done visits never move; bookings stay and are marked where their day is closed; planned visits move. You see all of it before "
            "anything is saved."
        )
    )
    with st.container(width=_FORM_WIDTH):
        calendar = new_calendar(fresh(f"{site}.days"))
    if calendar is None:
        return
    _said(calendar, at.caller.today(calendar.zone))
    about = (site, content_hash(calendar_text(calendar)), at.caller.who)
    if st.button(t("Show what this would move"), key="settings.preview", icon=":material/preview:", type="primary"):
        _work_out(about, calendar)
    preview: _Preview | None = st.session_state.get(_PREVIEW)
    if preview is not None and preview.about == about:
        _show(at, preview)


def _said(calendar: SiteCalendar, today: date) -> None:
    """What these days are."""
    first, last = day_date(calendar.first_day), day_date(calendar.last_day)
    st.markdown(
        unformatted(
            t(
                "{name}, time zone {zone}, {first} to {last}.",
                name=in_language(named_calendar(calendar.name)),
                zone=calendar.zone,
                first=first.year,
                last=last.year,
            )
        )
    )
    provisional = [year for year in provisional_years(calendar) if year >= today.year]
    if provisional:
        st.caption(t("Not official yet: {years}. Visits in these years are marked.", years=years_words(provisional)))


def _work_out(about: tuple[str, str, str], calendar: SiteCalendar) -> None:
    """Every subject of the site on both sides, kept until something else is asked for."""
    st.session_state.pop(_PREVIEW, None)
    st.session_state.pop(_SUBJECT, None)
    start_over(_LIST)
    try:
        at = desk()
        with st.spinner(t("Working out every subject of {site} …", site=about[0]), show_time=True), at.reading() as connection:
            refresh = propose_refresh(connection, at.caller, about[0], calendar)
            found = tuple(effects(refresh, last_printed(connection)))
        st.session_state[_PREVIEW] = _Preview(about, without_visits(refresh), found)
    except SAYS_WHY as error:
        say_refusal(error)


def _show(at: Desk, preview: _Preview) -> None:
    """What it would do, subject by subject, and the button that does it."""
    refresh = preview.refresh
    st.subheader(t("What would change at {site}", site=refresh.site), anchor=False)
    st.markdown("\n".join(f"* {unformatted(text)}" for text in counts_words(preview.effects, len(refresh.proposals))))
    if preview.effects:
        first = first_row(_LIST, len(preview.effects))
        list_table(effects_html(preview.effects[first : first + ROWS]), "settings.refresh.list", _chosen)
        turn_pages(_LIST, len(preview.effects))
        _open_dialog(preview)
        _file(at, preview)
    label = t("Give {site} these working days", site=refresh.site)
    if st.button(label, key="settings.refresh.save", type="primary", icon=":material/save:"):
        _save(at, preview)


def _chosen(what: str, value: str) -> None:
    link.touched()
    if what == "show":
        st.session_state[_SUBJECT] = value


def _open_dialog(preview: _Preview) -> None:
    """The visits of the subject that was pressed, over the list."""
    wanted = st.session_state.get(_SUBJECT)
    subject = next((effect.subject for effect in preview.effects if str(effect.subject) == wanted), None)
    if subject is None:
        return
    title = t("Before and after of {subject}", subject=subject)
    st.dialog(title, width="large", on_dismiss=_close)(_one_subject)(preview.refresh, subject)


def _one_subject(refresh: CalendarRefresh, subject: SubjectKey) -> None:
    """Drawn again by itself, long after the page: so for whoever is signed in then."""
    with refusals_said():
        at = desk()
        with at.reading() as connection:
            protocol = subject_view(connection, at.caller, subject).schedule.plan.protocol
            proposal = refresh_of_subject(connection, at.caller, refresh, subject)
        before_after(proposal, protocol)


def _close() -> None:
    link.touched()
    st.session_state.pop(_SUBJECT, None)


def _file(at: Desk, preview: _Preview) -> None:
    """The list to take along: who must be told is no longer shown once it is saved."""
    spoken, site, calendar = language(), preview.refresh.site, preview.refresh.calendar

    def whole(now: Desk) -> bytes:
        with speaking(spoken):
            with now.reading() as connection:
                refresh = propose_refresh(connection, now.caller, site, calendar)
                lines = [effect_line(effect) for effect in effects(refresh, last_printed(connection))]
            return "".join(with_byte_order_mark(table_csv(effect_columns(), lines))).encode("utf-8")

    name = f"working-days-{site}.csv"
    download(t("The whole list as CSV"), whole, name, "text/csv", at=at, key="settings.refresh.csv", icon=":material/download:")


def _save(at: Desk, preview: _Preview) -> None:
    refresh = preview.refresh
    try:
        with st.status(t("Saving …")) as progress:
            with at.writing() as connection:
                save_refresh(connection, at.caller, refresh)
            progress.update(label=t("Saved."), state="complete")
    except ConflictError as error:
        say_refusal(error)
        st.markdown(t("What you chose is still here. Look again at what it moves now, then save."))
        st.button(t("Look again with the new state"), key="settings.refresh.again", on_click=_look_again, args=(preview,))
        return
    except SAYS_WHY as error:
        say_refusal(error)
        return
    for kept in (_PREVIEW, _SUBJECT):
        st.session_state.pop(kept, None)
    moving = sum(bool(effect.moved) for effect in preview.effects)
    told = tn("Visits of {number} subject moved.", "Visits of {number} subjects moved.", moving) if moving else t("No visit moved.")
    name, until = refresh.calendar.name, short_date(day_date(refresh.calendar.last_day))
    notice(t("Site {site} has the working days {name} until {day} now. {told}", site=refresh.site, name=name, day=until, told=told))
    st.rerun()


def _look_again(preview: _Preview) -> None:
    link.touched()
    _work_out(preview.about, preview.refresh.calendar)
