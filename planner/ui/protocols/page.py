"""The page Protocols: choose a version, read it, try it out, check and compare it, and amend subjects to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from planner.exchange.prints.protocol_texts import ProtocolTexts
from planner.protocol.plan import Plan
from planner.records.errors import RecordsError
from planner.records.lists.site_schedules import SiteSchedule
from planner.records.people.rights import Action, NotAllowedError, allowed_sites
from planner.records.people.settings import read_settings
from planner.records.store.live_database import NoDatabaseYetError
from planner.ui import cached, link
from planner.ui.desk import Desk, desk
from planner.ui.language import language, t, tn
from planner.ui.protocols import state
from planner.ui.protocols.amend_view import amend_view
from planner.ui.protocols.compare_view import compare_view
from planner.ui.protocols.file_view import errors_elsewhere, file_view
from planner.ui.protocols.reading_views import matrix_view, rules_view, sources_view
from planner.ui.protocols.trial_views import timeline_of_protocol
from planner.ui.protocols.versions import OWN, Shelf, Version, shelf_of, version_of
from planner.ui.refusals import say_refusal
from planner.ui.words import unformatted

_STYLE = (Path(__file__).parent / "protocols.css").read_text(encoding="utf-8")
_CHOICE, _TAB = "protocols.choice", "protocols.tab"


@dataclass(frozen=True, slots=True)
class _Records:
    """What the records say to the person."""

    at: Desk
    found: tuple[SiteSchedule, ...] = ()
    is_there: bool = False
    """Whether there is a database that answers."""
    may_amend: bool = False
    amend_at: frozenset[str] | None = None
    """The sites at which the person may amend; None for all."""


def protocols_page() -> None:
    """Draw it."""
    arrived = link.arrived()
    state.arrive(arrived)
    st.html(f"<style>{_STYLE}</style>")
    st.title(t("Protocols"), anchor=False)
    records = _records()
    shelf = shelf_of(records.found, state.own_file())
    labels = _labels(shelf)
    code = _choose(labels)
    version = _read(records, shelf, code) if code else Version(OWN, "protocol.yaml", "", "", None, (), (), 0)
    if not code:
        st.info(t("There is no protocol yet. Load a file below, or put one into the folder protocols/ and reload this page."))
        file_view(version)
        return
    _head(records, version)
    view, entries = _views(records, shelf, version, labels, arrived)
    link.write({"protocol": "" if code == OWN else code, "view": "" if view == state.VIEWS[0] else view, **entries})


def _records() -> _Records:
    """What there is of records; protocols can be looked at without any."""
    at = desk()
    try:
        with at.reading() as connection:
            settings = read_settings(connection)
            found = at.schedules.of(connection, at.caller)
    except (NoDatabaseYetError, NotAllowedError):
        # Nothing recorded, or nothing that this person may read: the library is for everybody.
        return _Records(at)
    except RecordsError as error:
        say_refusal(error)
        return _Records(at)
    try:
        sites = allowed_sites(settings, at.caller.who, Action.AMEND)
    except NotAllowedError:
        return _Records(at, found, is_there=True)
    return _Records(at, found, is_there=True, may_amend=True, amend_at=sites)


def _labels(shelf: Shelf) -> dict[str, str]:
    """What each version is called, by its code."""
    usable, _ = cached.plans()
    titles = cached.titles(usable)
    labels = {}
    for code in shelf.codes():
        followed = shelf.kept(code)
        if code == OWN and shelf.own is not None:
            labels[code] = t("Your own file: {name}", name=shelf.own.name)
        elif followed is not None:
            labels[code] = t(
                "{study} {version}, kept with subjects ({hash})", study=followed.study, version=followed.version, hash=followed.hash[:8]
            )
        elif code in usable:
            labels[code] = f"{code} {usable[code].protocol.version}: {titles[code]}"
        else:
            labels[code] = t("{name} (has errors)", name=code)
    return labels


def _choose(labels: Mapping[str, str]) -> str:
    """The version looked at; "" where there is none at all."""
    if not labels:
        return ""
    asked = state.chosen_version()
    chosen = asked if asked in labels else next(iter(labels))
    st.session_state[_CHOICE] = chosen
    st.selectbox(t("Protocol"), list(labels), format_func=labels.__getitem__, key=_CHOICE, on_change=_chosen)
    if asked and asked != chosen:
        st.caption(t("There is no version {asked} here, so another one is shown.", asked=unformatted(asked[:40])))
    return chosen


def _chosen() -> None:
    state.choose_version(st.session_state[_CHOICE])


def _read(records: _Records, shelf: Shelf, code: str) -> Version:
    if not records.is_there:
        return version_of(shelf, code, None)
    with records.at.reading() as connection:
        return version_of(shelf, code, connection)


def _head(records: _Records, version: Version) -> None:
    """What the version is, in two lines."""
    if version.plan is None:
        return
    protocol = version.plan.protocol
    title = ProtocolTexts(protocol, language()).title()
    about = [
        t("study {study}", study=protocol.id),
        t("version {version}", version=protocol.version),
        protocol.registry or t("no registry number"),
    ]
    if version.subjects:
        about.append(tn("{number} subject follows it", "{number} subjects follow it", version.subjects))
    elif records.is_there:
        about.append(t("nobody whom you may read follows it"))
    st.markdown(f"**{unformatted(title)}**  \n{unformatted(' · '.join(about))}")


def _views(
    records: _Records, shelf: Shelf, version: Version, labels: Mapping[str, str], arrived: Mapping[str, str] | None
) -> tuple[str, dict[str, str]]:
    """The tabs; which is open, and what it puts into the address."""
    shown = [view for view in state.VIEWS if view != "amend" or records.may_amend]
    chosen = state.chosen_view(shown)
    if version.plan is None and not state.view_is_asked():
        chosen = "file"
    named = state.view_names()
    names = {named[view]: view for view in shown}
    st.session_state[_TAB] = named[chosen]
    tabs = st.tabs(list(names), key=_TAB, on_change=_tab_chosen, args=(names,))
    entries: dict[str, str] = {}
    for view, tab in zip(shown, tabs, strict=True):
        if tab.open:
            with tab, st.container(key="protocols.shown"):
                entries = _draw(view, records, shelf, version, labels, arrived)
                chosen = view
                state.drawn(view)
    return chosen, entries


def _tab_chosen(names: Mapping[str, str]) -> None:
    state.choose_view(names[st.session_state[_TAB]])


def _draw(
    view: str, records: _Records, shelf: Shelf, version: Version, labels: Mapping[str, str], arrived: Mapping[str, str] | None
) -> dict[str, str]:
    """One view; what it puts into the address."""
    if view == "file":
        file_view(version)
    elif view == "compare":
        other = compare_view(version, labels, _same_study(shelf, version), lambda code: _read(records, shelf, code))
        return {"with": "" if other == OWN else other}
    elif version.plan is None:
        errors_elsewhere(version)
    elif view == "timeline":
        return _timeline(version.plan, arrived)
    else:
        _reading(records, version, version.plan)[view]()
    return {}


def _reading(records: _Records, version: Version, plan: Plan) -> dict[str, Callable[[], None]]:
    return {
        "matrix": lambda: matrix_view(records.at, plan.protocol, version),
        "sources": lambda: sources_view(plan.protocol),
        "rules": lambda: rules_view(plan.protocol),
        "amend": lambda: amend_view(records.at, version, plan, records.found, records.amend_at),
    }


def _timeline(plan: Plan, arrived: Mapping[str, str] | None) -> dict[str, str]:
    """The timeline, with what was entered for it before another view was looked at."""
    entries = timeline_of_protocol(plan, state.trial_arrived(arrived))
    state.keep_trial_entries(entries)
    return entries


def _same_study(shelf: Shelf, version: Version) -> str:
    """Another version of the same study: one that subjects follow, else one of the library; "" for none."""
    if version.plan is None:
        return ""
    study = version.plan.protocol.id
    codes = shelf.codes()
    candidates: Sequence[str] = [each.code for each in shelf.followed if each.study == study]
    usable, _ = cached.plans()
    candidates = [*candidates, *(name for name, plan in usable.items() if plan.protocol.id == study)]
    return next((code for code in candidates if code in codes and code != version.code), "")
