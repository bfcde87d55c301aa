"""The page New subject: a form, and beside it the whole calendar that follows from what is entered."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from sqlalchemy import Connection
from streamlit.delta_generator import DeltaGenerator

from planner.protocol.errors import ProtocolErrors
from planner.protocol.library import protocol_path, protocol_text
from planner.protocol.model import Protocol
from planner.protocol.plan import Plan
from planner.records.changes.change import save
from planner.records.changes.proposal import Proposal
from planner.records.people.rights import Action, NotAllowedError, allowed_sites, readable_settings
from planner.records.people.settings import Settings, Site
from planner.schedule.calendar import CalendarError, SiteCalendar
from planner.schedule.expand import NoOpenDayError
from planner.schedule.fact_faults import FactErrors
from planner.schedule.starts import StartScore
from planner.ui import cached, link, notices, view_state
from planner.ui.check_sentences import warning_words
from planner.ui.components import empty_states
from planner.ui.components.enrolment_form import enrolment_form
from planner.ui.components.form import Form
from planner.ui.components.header import about, summary
from planner.ui.components.start_days import better_start_line
from planner.ui.components.subject_form import questions
from planner.ui.components.views import views
from planner.ui.desk import Desk, desk
from planner.ui.enrolment.judged import NOTE, NUMBER, RESCREENED, SITE, Judged, ProtocolFile, judged, number_fault
from planner.ui.entries import EntryFault, EntryFaults
from planner.ui.language import in_language, t
from planner.ui.places import PLACES, go
from planner.ui.preview import Preview, preview_of, starts_without_one
from planner.ui.refusals import SAYS_WHY, say_refusal
from planner.ui.words import listed, sentence, unformatted

NEVER_LINKED = frozenset({NUMBER, RESCREENED, NOTE})
"""What no address of this page holds: numbers of subjects, and free text."""


@dataclass(frozen=True)
class _Entered:
    """The form as it was drawn, what it would write, and where the button goes."""

    form: Form
    protocol: Protocol
    proposal: Proposal | None
    button: DeltaGenerator


def new_subject_page() -> None:
    """Draw it."""
    st.title(t("New subject"), anchor=False)
    at = desk()
    with at.reading() as connection:
        sites = _sites(connection, at)
        entered = _page(connection, at, sites) if sites else None
    if entered is not None:
        with entered.button:
            _enrol(at, entered.form, entered.protocol, entered.proposal)


def _sites(connection: Connection, at: Desk) -> dict[str, Site]:
    """The sites at which the person may enrol; none (with what to do) where there is none."""
    settings: Settings = readable_settings(connection, at.caller)
    try:
        allowed = allowed_sites(settings, at.caller.who, Action.ENROL)
    except NotAllowedError as error:
        say_refusal(error)
        st.page_link(PLACES["subjects"].file, label=t("See all subjects"), icon=":material/groups:", query_params=link.language_entry())
        return {}
    sites = {code: site for code, site in settings.sites.items() if allowed is None or code in allowed}
    if not sites:
        st.info(t("There is no site yet at which you could enrol a subject. Set one up first."))
        st.page_link(PLACES["settings"].file, label=t("Settings"), icon=":material/settings:", query_params=link.language_entry())
    return sites


def _page(connection: Connection, at: Desk, sites: dict[str, Site]) -> _Entered | None:
    """The form and the calendar; None while the protocol is still to be chosen."""
    form = Form(link.arrived(), NEVER_LINKED)
    view_state.arrive(form.arrived)
    st.markdown(t("Fill in the form: the whole calendar appears at once. Nothing is kept before you press Enrol."))
    usable, faulty = cached.plans()
    left, right = st.columns([1, 2], gap="medium")
    with left:
        name = enrolment_form(form, usable, sites)
        button = st.container(key="enrol")
    entered = None
    if name is None:
        form.say()
        with right:
            empty_states.no_protocol({each: plan.protocol for each, plan in usable.items()}, faulty)
    elif SITE not in form.entries:
        form.say()
        with right:
            empty_states.to_mend(form.faults, form.labels)
            empty_states.no_site()
        entered = _Entered(form, usable[name].protocol, None, button)
    else:
        proposal = _answer(connection, at, form, usable[name], name, sites[form.entries[SITE]], right)
        entered = _Entered(form, usable[name].protocol, proposal, button)
    link.write({**form.entries, **view_state.shown()}, form.left_out)
    return entered


def _answer(connection: Connection, at: Desk, form: Form, plan: Plan, name: str, site: Site, shown: DeltaGenerator) -> Proposal | None:
    """Show the calendar, or what is still needed for it; the proposal, if all is entered and right."""
    found: Judged = Judged()
    preview: Preview | None = None
    starts: tuple[StartScore, ...] = ()
    try:
        calendar = cached.pinned_calendar(connection, site.calendar_hash)
        preview, starts = _calendar(at, form, plan, calendar)
        if NUMBER in form.entries:
            fault = number_fault(form.entries[NUMBER], site.subject_pattern)
            form.faults += [] if fault is None else [fault]
        if preview is not None and NUMBER in form.entries and not form.faults:
            path = protocol_path(name)
            found = judged(connection, at.caller, form.entries, ProtocolFile(plan.protocol, str(path), protocol_text(path)))
            form.faults += found.faults
    except EntryFaults as refused:
        form.faults += refused.faults
    except FactErrors as refused:
        form.faults += [EntryFault(fault.fact, fault.message) for fault in refused.faults]
    except (NoOpenDayError, CalendarError) as refused:
        form.faults.append(EntryFault("start", str(refused)))
    except ProtocolErrors as refused:
        # The file was changed since this page first read it.
        form.faults.append(EntryFault("protocol", str(refused)))
    form.say()
    with shown:
        empty_states.to_mend(form.faults, form.labels)
        for text in found.others:
            st.error(unformatted(sentence(in_language(text))), icon=":material/error:")
        st.markdown(about(plan.protocol))
        # Beside what is refused, dates would look like an answer to it; a number that is refused says nothing about dates.
        if preview is not None and not [fault for fault in form.faults if fault.entry not in NEVER_LINKED]:
            summary(preview)
            better_start_line(preview, preview.starts(), "above")
            views(preview)
        elif starts:
            empty_states.no_start(starts, plan.protocol)
    return None if _unanswered(form, plan.protocol) else found.proposal


def _calendar(at: Desk, form: Form, plan: Plan, calendar: SiteCalendar) -> tuple[Preview | None, tuple[StartScore, ...]]:
    """What follows from the entries; without a start date, what each of the next days would mean."""
    today = at.caller.today(calendar.zone)
    # Whatever is typed as the number, the dates follow from the rest.
    entries = {name: text for name, text in form.entries.items() if name not in NEVER_LINKED}
    if "start" in entries:
        return preview_of(entries, plan, calendar, today), ()
    return None, starts_without_one(entries, plan, calendar, today)


def _unanswered(form: Form, protocol: Protocol) -> tuple[str, ...]:
    """The entries of questions about the person that are still open."""
    entries = (f"set.{name}" for name in questions(protocol))
    return tuple(entry for entry in entries if entry not in form.entries)


def _enrol(at: Desk, form: Form, protocol: Protocol, proposal: Proposal | None) -> None:
    """What is to be looked at before, and the button; or what is still missing."""
    if proposal is not None and proposal.warnings:
        points = "\n".join(f"* {unformatted(warning_words(warning, protocol))}" for warning in proposal.warnings)
        st.warning(f"**{t('To look at before you enrol:')}**\n\n{points}", icon=":material/warning:")
    is_pressed = st.button(t("Enrol"), key="enrol.save", type="primary", icon=":material/person_add:", disabled=proposal is None)
    if proposal is None:
        needed = (SITE, NUMBER, "start", *_unanswered(form, protocol))
        missing = [form.labels[entry] for entry in needed if entry in form.labels and entry not in form.entries]
        if missing:
            st.caption(unformatted(t("To enrol, give: {inputs}.", inputs=listed(missing))))
        elif form.faults:
            st.caption(t("To enrol, mend what is marked."))
        return
    if is_pressed:
        _save(at, proposal)


def _save(at: Desk, proposal: Proposal) -> None:
    """Write it and show the subject; where it is refused, say so, and keep all that was entered."""
    try:
        with at.writing() as connection:
            written = save(connection, at.caller, proposal)
    except SAYS_WHY as error:
        say_refusal(error)
        st.markdown(t("What you entered is still here."))
        return
    notices.saved(written)
    go("subject", subject=str(proposal.subject))
