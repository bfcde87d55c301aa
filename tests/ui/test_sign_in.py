"""What a sign-in writes and refuses, without a browser and without a provider: as if these claims had come."""

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from planner.records.caller import Caller
from planner.records.people.claims import adopt_claims
from planner.records.people.roles import Role
from planner.records.people.settings import Grant, read_settings
from planner.records.store.database import open_database
from planner.ui import sign_in
from planner.ui.identity import Claimed
from tests.ui.clock import MOMENT
from tests.ui.roles import grant_at
from tests.ui.screens import opened, texts

NURSE = Grant("nurse1", Role.NURSE, "BEI")


def signed_in(monkeypatch: pytest.MonkeyPatch, roles: tuple[str, ...] | None) -> AppTest:
    """The first page, as nurse1 who just signed in with these claims."""
    who = Claimed("nurse1", roles, ("BEI",), MOMENT + timedelta(hours=8))
    monkeypatch.setattr(sign_in, "is_sign_in_configured", lambda: True)
    monkeypatch.setattr(sign_in, "caller", lambda: Caller("nurse1", MOMENT))
    monkeypatch.setattr(sign_in, "claimed", lambda: who)
    return opened()


def held(url: str) -> set[Grant]:
    with open_database(url).reading() as connection:
        return {grant for grant in read_settings(connection).grants if grant.person == "nurse1"}


def test_roles_that_the_provider_no_longer_names_are_gone(demo_screens: str, monkeypatch: pytest.MonkeyPatch) -> None:
    grant_at(demo_screens, "other", "administrator")
    with open_database(demo_screens).writing() as connection:
        adopt_claims(connection, Caller("nurse1", MOMENT), frozenset({NURSE}))
    assert held(demo_screens) == {NURSE}
    assert "nurse1 is signed in and has no role here" in texts(signed_in(monkeypatch, None))
    assert held(demo_screens) == set()


def test_roles_that_were_granted_here_stay_where_the_provider_names_none(demo_screens: str, monkeypatch: pytest.MonkeyPatch) -> None:
    grant_at(demo_screens, "nurse1", "nurse", "BEI")
    assert "has no role here" not in texts(signed_in(monkeypatch, None))
    assert held(demo_screens) == {NURSE}


def test_the_roles_that_the_provider_names_are_written(demo_screens: str, monkeypatch: pytest.MonkeyPatch) -> None:
    grant_at(demo_screens, "other", "administrator")
    assert "has no role here" not in texts(signed_in(monkeypatch, ("nurse",)))
    assert held(demo_screens) == {NURSE}
