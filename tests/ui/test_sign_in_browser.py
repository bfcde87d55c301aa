"""Signing in with a real OpenID Connect provider, which the tests run."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import Page, expect

from planner.records.people.roles import Role
from planner.records.people.settings import Grant, read_settings
from planner.records.proof.audit import verify
from planner.records.store.database import open_database
from tests.ui.browser import accessibility_faults, wait_until_settled
from tests.ui.conftest import OpenPage
from tests.ui.server import ServerError, free_port, serving

pytestmark = pytest.mark.e2e

SECRETS = """
[auth]
redirect_uri = "{address}/oauth2callback"
cookie_secret = "a secret of the tests, never used elsewhere"
client_id = "planner"
client_secret = "the client's secret"
server_metadata_url = "{provider}/.well-known/openid-configuration"
"""


@dataclass(frozen=True)
class Guarded:
    """Screens with a sign-in."""

    address: str
    database_url: str


def person(account: str, *roles: str, sites: tuple[str, ...] = ()) -> User:
    return User(sub=account, claims={"preferred_username": account, "roles": list(roles), "sites": list(sites)})


PEOPLE = [
    person("boss", "administrator@*", "investigator@*"),
    person("nurse.bei", "nurse", "something-else", sites=("BEI", "NOWHERE")),
    person("nobody"),
    person("Zhang San", "nurse@*"),
]


def guarded(stack: ExitStack, folder: Path, database_url: str, seconds: int = 3600) -> Guarded:
    provider = stack.enter_context(run_server_in_thread(user_claims=PEOPLE, access_token_max_age=timedelta(seconds=seconds)))
    port = free_port()
    address = f"http://localhost:{port}"
    secrets = folder / ".streamlit" / "secrets.toml"
    secrets.parent.mkdir()
    secrets.write_text(SECRETS.format(address=address, provider=f"http://localhost:{provider.server_port}"))
    stack.enter_context(serving(folder / "log.txt", database_url, moment=datetime.now(UTC), port=port, environment={"HOME": str(folder)}))
    return Guarded(address, database_url)


@pytest.fixture
def screens(tmp_path: Path, demo_database_url: str) -> Iterator[Guarded]:
    with ExitStack() as stack:
        yield guarded(stack, tmp_path, demo_database_url)


def sign_in(page: Page, account: str) -> None:
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("textbox").first.fill(account)
    page.get_by_role("button", name=re.compile("Authorize|Allow|Sign in")).first.click()
    page.wait_for_url(re.compile("^http://localhost:[0-9]+/(?!auth)"))
    wait_until_settled(page)


def grants(screens: Guarded) -> set[Grant]:
    database = open_database(screens.database_url)
    with database.reading() as connection:
        found = read_settings(connection).grants
        assert verify(connection).faults == ()
    database.close()
    return set(found)


def refused(open_page: OpenPage, screens: Guarded, account: str) -> str:
    page = open_page("/", at=screens.address)
    sign_in(page, account)
    said: str = page.get_by_role("alert").first.inner_text()
    return said


def test_the_provider_says_who_may_do_what_and_where(screens: Guarded, open_page: OpenPage) -> None:
    page = open_page("/", at=screens.address)
    expect(page.get_by_role("heading", name="Trial visit planner")).to_be_visible()
    assert accessibility_faults(page) == []
    assert "nobody could administer" in refused(open_page, screens, "nurse.bei")
    assert grants(screens) == set()

    sign_in(page, "boss")
    expect(page.get_by_text("Signed in as boss")).to_be_visible()
    (cookie,) = [cookie for cookie in page.context.cookies() if cookie["name"] == "_streamlit_user"]
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
    held = {Grant("boss", Role.ADMINISTRATOR, "*"), Grant("boss", Role.INVESTIGATOR, "*")}
    assert grants(screens) == held

    nurse = open_page("/", at=screens.address)
    sign_in(nurse, "nurse.bei")
    expect(nurse.get_by_text("Signed in as nurse.bei")).to_be_visible()
    assert grants(screens) == held | {Grant("nurse.bei", Role.NURSE, "BEI")}
    assert "has no role here. Ask boss" in refused(open_page, screens, "nobody")
    assert "cannot stand beside a fact" in refused(open_page, screens, "Zhang San")

    nurse.get_by_role("button", name="Sign out").click()
    nurse.get_by_role("button", name="End session").click()  # the provider asks too
    expect(nurse.get_by_role("button", name="Sign in")).to_be_visible()


def test_a_sign_in_ends_when_the_provider_says(tmp_path: Path, demo_database_url: str, open_page: OpenPage) -> None:
    for seconds in (12, 60, 240):
        folder = tmp_path / str(seconds)
        folder.mkdir()
        with ExitStack() as stack:
            screens = guarded(stack, folder, demo_database_url, seconds)
            page = open_page("/", at=screens.address)
            sign_in(page, "boss")
            signed_in = page.get_by_text("Signed in as boss")
            expect(signed_in.or_(page.get_by_text("Your sign-in has ended"))).to_be_visible()
            if not signed_in.is_visible() and seconds < 240:
                continue  # a busy machine needs longer to sign in at all
            expect(signed_in).to_be_visible()
            page.wait_for_timeout(seconds * 1000 + 500)
            page.get_by_role("link", name="Subjects").first.click()
            expect(page.get_by_text("Your sign-in has ended")).to_be_visible()
            expect(page.get_by_role("button", name="Sign in")).to_be_visible()
            expect(page.get_by_text("Signed in as")).to_have_count(0)
            return


def test_without_a_sign_in_only_this_machine_gets_in(open_page: OpenPage, server: str) -> None:
    page = open_page("/")
    page.context.set_extra_http_headers({"X-Forwarded-For": "203.0.113.7"})
    page.reload()
    expect(page.get_by_role("alert").first).to_contain_text("they open on the machine itself only")
    expect(page.get_by_role("heading", name="Today")).to_have_count(0)


def test_a_secrets_file_that_cannot_be_read_keeps_everybody_out(tmp_path: Path, demo_database_url: str) -> None:
    secrets = tmp_path / ".streamlit" / "secrets.toml"
    secrets.parent.mkdir()
    secrets.write_text('[auth]\ncookie_secret = "never closed\n')
    with (
        pytest.raises(ServerError, match="cannot be read, so it is not known who may sign in"),
        serving(tmp_path / "log.txt", demo_database_url, environment={"HOME": str(tmp_path)}),
    ):
        pass
