"""Settings that several people may change: what was not typed follows the others, and what was typed replaces nothing of theirs unseen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import streamlit as st
from sqlalchemy import Connection

from planner.protocol.said import said
from planner.records.facts.fact import ADMINISTRATION, Fact, NewFact
from planner.records.facts.kinds import Kind
from planner.records.people.administration import append_administration, settings_to_change
from planner.records.people.settings import Settings
from planner.records.store.append import ConflictError, changes_said
from planner.records.store.log import read_facts
from planner.ui import link
from planner.ui.desk import Desk
from planner.ui.language import t
from planner.ui.settings.saving import save_by


@dataclass(frozen=True, slots=True)
class _Begun:
    """What was set when an input began, and the last fact of the settings then."""

    value: object
    revision: int


class SettingChangedError(ConflictError):
    """Somebody else set the same since it was looked at; ``since`` holds what they wrote. Nothing was written."""

    def __init__(self, site: str, since: tuple[Fact, ...]) -> None:
        """Say who set what, and when."""
        super().__init__(ADMINISTRATION, since)
        self.args = (
            said(
                "Site {site} was changed meanwhile ({changes}). Nothing was written: look at it again, then repeat.",
                site=site,
                changes=changes_said(since),
            ),
        )


def begin(key: str, present: str | int | None, settings: Settings) -> str:
    """The key of an input that begins with what is set now; what others set meanwhile stands in it too, unless something was typed."""
    begun: _Begun | None = st.session_state.get(_begun(key))
    if begun is None or key not in st.session_state or st.session_state[key] == begun.value:
        st.session_state[_begun(key)] = _Begun(present, settings.revision)
        if key not in st.session_state or st.session_state[key] != present:
            st.session_state[key] = present
    return key


def save_typed(at: Desk, site: str, facts_of: Callable[[Settings], Mapping[str, NewFact]], done: str) -> None:
    """Write what was typed about a site, each fact by the key of its input, and say ``done``; or say who else set the same meanwhile."""
    conflicts: list[SettingChangedError] = []
    keys: list[str] = []

    def write(connection: Connection) -> None:
        new = facts_of(settings_to_change(connection, at.caller))
        keys.extend(new)
        log = read_facts(connection, ADMINISTRATION)
        since = {fact.number: fact for key, wanted in new.items() for fact in _since(log, wanted, st.session_state[_begun(key)].revision)}
        if since:
            conflicts.append(SettingChangedError(site, tuple(since[number] for number in sorted(since))))
            raise conflicts[0]
        append_administration(connection, at.caller, list(new.values()))

    save_by(at, write, done)
    if conflicts:
        st.markdown(t("What you entered is still here."))
        label, newest = t("Look again with the new state"), conflicts[0].since[-1].number
        st.button(label, key="settings.again", type="primary", on_click=_look_again, args=(tuple(keys), newest))


def _since(log: Sequence[Fact], wanted: NewFact, revision: int) -> list[Fact]:
    """What was recorded about the same setting after this fact."""
    return [fact for fact in log if fact.number > revision and _about(_undone(log, fact)) == _about(wanted)]


def _undone(log: Sequence[Fact], fact: Fact) -> NewFact:
    """What a fact says, or takes back."""
    of = fact.said
    while of.kind is Kind.UNDONE and of.replaces is not None:
        of = log[of.replaces - 1].said
    return of


def _about(of: NewFact) -> tuple[Kind, str, str]:
    return of.kind, of.item, of.value if of.kind is Kind.SITE_CAPACITY_SET else ""


def _look_again(keys: Sequence[str], newest: int) -> None:
    link.touched()
    for key in keys:
        st.session_state[_begun(key)] = replace(st.session_state[_begun(key)], revision=newest)


def _begun(key: str) -> str:
    return f"{key}.begun"
