"""Who may do what where: the roles that were granted, granting and taking back, and what each role allows."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from planner.records.facts.fact import NewFact
from planner.records.people.administration import grant_role, revoke_role
from planner.records.people.rights import action_words
from planner.records.people.roles import EVERYWHERE, GRANTABLE, RIGHTS, Action, Role
from planner.records.people.settings import Grant, Settings
from planner.ui import link
from planner.ui.components.list_table import ROWS, first_row, list_table, turn_pages
from planner.ui.identity import claimed, is_sign_in_configured
from planner.ui.language import in_language, t
from planner.ui.list_html import ActButton, acts_html, list_html
from planner.ui.settings.saving import fresh, save_facts
from planner.ui.settings.shown import Shown, may_else_say
from planner.ui.text_table import text_table
from planner.ui.visit_past import role_word
from planner.ui.words import unformatted

_ASKED, _LIST = "settings.grant-asked", "settings.people"
_FORM_WIDTH = 640


def people_view(shown: Shown) -> None:
    """Draw them, for an administrator; the roles themselves for everybody."""
    if may_else_say(shown):
        _where_roles_come_from(shown)
        grants = sorted(shown.settings.grants)
        if grants:
            first = first_row(_LIST, len(grants))
            list_table(grants_html(grants[first : first + ROWS]), "settings.people.list", _pressed)
            turn_pages(_LIST, len(grants))
            _asked(shown)
        st.subheader(t("Grant a role"), anchor=False)
        with st.container(width=_FORM_WIDTH):
            _grant(shown)
    st.subheader(t("What each role allows"), anchor=False)
    heads = (t("May"), *(role_word(str(role)) for role in GRANTABLE))
    st.html(text_table(t("What each role allows"), heads, role_lines()))
    st.caption(t("A role counts at its site, or at all sites; somebody may have several. They are asked for at every look and every save."))


def _where_roles_come_from(shown: Shown) -> None:
    """What a person must know before granting anything."""
    if not shown.settings.grants:
        st.info(
            t(
                "Nobody has a role yet: whoever sits at this machine may do everything. The first role to grant is that of an "
                "administrator for all sites; from then on everybody may do only what their roles allow."
            ),
            icon=":material/info:",
        )
    if is_sign_in_configured():
        st.info(
            t("Who signs in gets the roles that the identity provider names; at each sign-in they replace what is granted here.")
            if claimed().roles is not None
            else t("Who somebody is, the identity provider says at the sign-in; what they may do is granted here."),
            icon=":material/login:",
        )
    elif shown.settings.grants:
        st.caption(t("There is no sign-in: whoever sits at this machine works as {account}.", account=unformatted(shown.at.caller.who)))


def grants_html(grants: Sequence[Grant]) -> str:
    """Who is what, with a button to take it back."""
    heads = (t("Account"), t("Role"), t("Where"), t("To do"))
    return list_html(t("People and roles"), heads, map(_line, grants))


def _line(grant: Grant) -> tuple[str, ...]:
    value = urlencode({"person": grant.person, "role": str(grant.role), "site": grant.site})
    button = ActButton("revoke", value, t("Take back"), t("Take back: {grant}", grant=grant_words(grant)))
    return (escape(grant.person), escape(role_word(str(grant.role))), escape(_place(grant.site)), acts_html(button))


def grant_words(grant: Grant) -> str:
    """``nurse1, nurse, BEI``."""
    return t("{person}, {role}, {place}", person=grant.person, role=role_word(str(grant.role)), place=_place(grant.site))


def role_lines() -> list[tuple[str, ...]]:
    """For each action who may do it."""
    return [
        (in_language(action_words(action)), *(t("✓ yes") if action in RIGHTS[role] else "–" for role in GRANTABLE)) for action in Action
    ]


def _place(site: str) -> str:
    return t("all sites") if site == EVERYWHERE else site


def _pressed(what: str, value: str) -> None:
    link.touched()
    if what == "revoke":
        st.session_state[_ASKED] = value


def _asked(shown: Shown) -> None:
    """Ask before a role is taken back."""
    said = dict(parse_qsl(st.session_state.get(_ASKED, "")))
    grant = next((one for one in shown.settings.grants if {"person": one.person, "role": str(one.role), "site": one.site} == said), None)
    if grant is None:
        # Taken back, here or by somebody else: were the role granted again, nobody would have asked this.
        st.session_state.pop(_ASKED, None)
        return
    with st.container(border=True, key="settings.grant.asked"):
        st.markdown(unformatted(t("Take this role back? {grant}", grant=grant_words(grant))))
        if grant.person == shown.at.caller.who:
            st.warning(t("It is your own: you may do less from then on."), icon=":material/warning:")
        with st.container(horizontal=True):
            if st.button(t("Take the role back"), key="settings.grant.revoke", type="primary"):
                _revoke(shown, grant)
            st.button(t("Leave it as it is"), key="settings.grant.leave", on_click=_leave)


def _leave() -> None:
    link.touched()
    st.session_state.pop(_ASKED, None)


def _revoke(shown: Shown, grant: Grant) -> None:
    def facts_of(settings: Settings) -> list[NewFact]:
        return [revoke_role(settings, grant.person, str(grant.role), grant.site)]

    asked = st.session_state.pop(_ASKED, None)
    save_facts(shown.at, facts_of, t("Taken back: {grant}", grant=grant_words(grant)))
    # Refused, or the page would be drawn anew by now: the question stands as it did.
    st.session_state[_ASKED] = asked


def _grant(shown: Shown) -> None:
    is_first = not shown.settings.grants
    person = st.text_input(
        t("Account"),
        value=shown.at.caller.who if is_first else "",
        key=fresh("grant.person"),
        max_chars=64,
        placeholder=t("such as nurse1 or l.wang@example.org"),
        help=t("The name to sign in with: letters, digits and . _ @ -. Never a person's full name."),
        on_change=link.touched,
    )
    roles = [Role.ADMINISTRATOR] if is_first else list(GRANTABLE)
    role = st.selectbox(t("Role"), [str(each) for each in roles], format_func=role_word, key=fresh("grant.role"), on_change=link.touched)
    sites = [EVERYWHERE] if is_first else [EVERYWHERE, *shown.settings.sites]
    site = st.selectbox(t("Where"), sites, format_func=_place, key=fresh("grant.site"), on_change=link.touched)
    account = (person or "").strip()
    if is_first and account and account != shown.at.caller.who:
        st.warning(
            t(
                "From then on {own}, as whom you work now, may do nothing here until {account} grants a role.",
                own=unformatted(shown.at.caller.who),
                account=unformatted(account),
            ),
            icon=":material/warning:",
        )
    if st.button(t("Grant the role"), key="settings.grant.save", icon=":material/person_add:"):
        said = t("Granted: {grant}", grant=grant_words(Grant(account, Role(role), site)))
        save_facts(shown.at, lambda settings: [grant_role(settings, account, role, site)], said)
