"""Who looks at the screens: whoever sits at this machine, or whoever signed in with an identity provider (OpenID Connect)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit import config

from planner.exchange import today
from planner.exchange.local_account import ACCOUNT_VARIABLE, local_account
from planner.protocol.said import said
from planner.records.caller import Caller
from planner.records.errors import RecordsError
from planner.records.facts.account import AccountError

_AUTH = "auth"
_OWN = "planner"


class NobodyError(RecordsError):
    """It is not known who looks; the text says what to do."""


class SignedOutError(NobodyError):
    """Nobody is signed in, or no longer: the time that the identity provider gave is over."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """What the identity provider says of whoever signed in."""

    account: str
    roles: tuple[str, ...] | None
    """None where the provider says nothing of roles: then they are granted here."""
    sites: tuple[str, ...]
    until: datetime
    """When the sign-in ends, in UTC."""


def is_sign_in_configured() -> bool:
    """Whether ``.streamlit/secrets.toml`` has a section ``[auth]``. Raises NobodyError where it cannot be read."""
    return _AUTH in _secrets()


def caller() -> Caller:
    """Who asks, at this moment. Raises NobodyError, SignedOutError."""
    try:
        if is_sign_in_configured():
            return Caller(_still_signed_in().account, today.now())
        return Caller(local_account(), today.now())
    except AccountError as error:
        if is_sign_in_configured():
            raise NobodyError(
                said(
                    "The name under which you are signed in cannot stand beside a fact. {why} Ask whoever runs the planner.", why=str(error)
                )
            ) from None
        raise NobodyError(
            said("Your login name cannot stand beside a fact; set {variable}. {why}", variable=ACCOUNT_VARIABLE, why=str(error))
        ) from None


def claimed() -> Claimed:
    """What the provider said at the sign-in. Raises SignedOutError where nobody is signed in."""
    if not st.user.is_logged_in:
        raise SignedOutError(said("Nobody is signed in. Sign in to go on."))
    claims: Mapping[str, Any] = st.user.to_dict()
    names = _claim_names()
    roles = claims.get(names["roles"])
    until = claims.get("exp")
    if not isinstance(until, int | float):
        raise NobodyError(
            said("The identity provider does not say how long your sign-in lasts (the claim exp), so it cannot be used. Ask who runs it.")
        )
    return Claimed(
        account=str(claims.get(names["account"]) or ""),
        roles=None if roles is None else _texts(roles),
        sites=_texts(claims.get(names["sites"]) or ()),
        until=datetime.fromtimestamp(until, UTC),
    )


def _still_signed_in() -> Claimed:
    who = claimed()
    if who.until <= today.now():
        raise SignedOutError(said("Your sign-in has ended. Sign in again to go on; what was saved is saved."))
    return who


def _claim_names() -> dict[str, str]:
    """Which claims say the account, the roles and the sites: ``[planner]`` in secrets.toml, else the usual ones."""
    own = _secrets().get(_OWN, {})
    usual = {"account": "preferred_username", "roles": "roles", "sites": "sites"}
    return {what: str(own.get(f"{what}_claim", name)) for what, name in usual.items()}


def _texts(claim: object) -> tuple[str, ...]:
    """A claim that is one text, several with spaces or commas, or a list of texts."""
    match claim:
        case str():
            return tuple(claim.replace(",", " ").split())
        case Sequence():
            return tuple(str(part) for part in claim)
        case _:
            return ()


def _secrets() -> Mapping[str, Any]:
    """The secrets file as plain data; empty where there is none.

    Raises NobodyError for one that cannot be read: without its settings the screens would open as if no sign-in were wanted.
    """
    if st.secrets.load_if_toml_exists():
        secrets: Mapping[str, Any] = st.secrets.to_dict()
        return secrets
    if there := [str(path) for path in config.get_option("secrets.files") if Path(path).exists()]:
        raise NobodyError(
            said("{path} cannot be read, so it is not known who may sign in. Mend it (it is a TOML file), and start again.", path=there[0])
        )
    return {}
