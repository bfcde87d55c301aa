"""The door: nobody gets past it who is not at this machine, or signed in and known here."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

import streamlit as st

from planner.protocol.said import said
from planner.records.people.claims import adopt_claims, differ_from_log, grants_said, require_role
from planner.records.people.settings import read_settings
from planner.records.store.live_database import NoDatabaseYetError
from planner.ui.desk import desk
from planner.ui.identity import Claimed, NobodyError, SignedOutError, caller, claimed, is_sign_in_configured
from planner.ui.language import in_language, t
from planner.ui.words import unformatted

_ADOPTED = "sign-in.adopted"
_FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "X-Real-Ip")


def signed_in() -> bool:
    """Whether the page may be drawn; else what to do is shown. Raises NobodyError and whatever the records refuse."""
    if not is_sign_in_configured():
        _require_this_machine()
        return True
    try:
        caller()
    except SignedOutError as error:
        _offer(str(error))
        return False
    _adopt(claimed())
    return True


def account_line() -> None:
    """Who looks, and the way out."""
    if not is_sign_in_configured():
        st.caption(t("At this machine as {account}", account=unformatted(caller().who)))
        return
    until = claimed().until
    st.caption(t("Signed in as {account} until {time} UTC", account=unformatted(caller().who), time=f"{until:%H:%M}"))
    st.button(t("Sign out"), key="sign-in.out", icon=":material/logout:", on_click=st.logout)


def _offer(why: str) -> None:
    st.title(t("Trial visit planner"), anchor=False)
    st.info(in_language(why), icon=":material/lock:")
    if st.button(t("Sign in"), key="sign-in.in", type="primary", icon=":material/login:"):
        st.login()


def _adopt(who: Claimed) -> None:
    """Bring the log up to what the provider says, once for each sign-in; then the account must have a role."""
    at = desk()
    try:
        if st.session_state.get(_ADOPTED) != who:
            with at.reading() as connection:
                settings = read_settings(connection)
                grants = grants_said(connection, who.account, who.roles, who.sites)
            if grants is not None and differ_from_log(settings, who.account, grants):
                with at.writing() as connection:
                    adopt_claims(connection, at.caller, grants)
            st.session_state[_ADOPTED] = who
        with at.reading() as connection:
            require_role(connection, at.caller)
    except NoDatabaseYetError:
        # Nothing has been set up, so there is nothing that could be looked at or changed yet.
        raise NobodyError(
            said("Nothing has been set up yet. Whoever runs the planner begins with `site add` and `person grant` on the command line.")
        ) from None


def _require_this_machine() -> None:
    """Without a sign-in everybody may do all: so only whoever sits at this machine is let in. Raises NobodyError."""
    headers = st.context.headers
    named = [urlsplit(f"//{headers.get('Host', '')}").hostname, urlsplit(st.context.url or "").hostname, st.context.ip_address]
    is_here = all(_is_loopback(host) for host in named if isinstance(host, str))
    if not is_here or any(name in headers for name in _FORWARDED):
        raise NobodyError(
            said(
                "These screens have no sign-in, so they open on the machine itself only, at http://127.0.0.1. For others, configure a "
                "sign-in with your identity provider (docs/sign-in.md)."
            )
        )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
