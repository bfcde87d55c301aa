"""Which calendar is meant, and with which account."""

import logging
import re

import pytest

from tests.exchange.caldav.clinic import Clinic, failed, passed
from tests.exchange.caldav.radicale_server import PASSWORD, USER, RadicaleServer


def test_a_calendar_that_is_not_there_is_made_only_when_told(clinic: Clinic, radicale: RadicaleServer, calendar: str) -> None:
    url = f"{radicale.home}{calendar}-new"
    assert f"has no calendar at /{USER}/{calendar}-new/. Check the address, or give --create" in failed(clinic.push(url=url))
    count = len(clinic.objects())
    assert passed(clinic.push("--create", "--dry-run", url=url)) == {"created": count}
    assert not radicale.file(f"{calendar}-new", "x").parent.exists()
    assert passed(clinic.push("--create", url=url)) == {"created": count}
    assert passed(clinic.push("--create", url=url)) == {"unchanged": count}
    properties = radicale.file(f"{calendar}-new", ".Radicale.props").read_text()
    assert '"C:supported-calendar-component-set": "VEVENT"' in properties
    assert '"tag": "VCALENDAR"' in properties


def test_in_a_place_for_calendars_the_feeds_own_is_meant(clinic: Clinic, radicale: RadicaleServer, calendar: str) -> None:
    said = failed(clinic.push(url=radicale.home))
    assert f"/{USER}/{calendar}/" in said or "It holds the calendars" in said
    assert "--create to have one made there, called planner-f1" in said
    count = len(clinic.objects())
    assert passed(clinic.push("--create", url=radicale.home)) == {"created": count}
    assert len(radicale.names("planner-f1")) == count
    assert passed(clinic.push(url=radicale.home)) == {"unchanged": count}
    # The same calendar by its own address.
    assert passed(clinic.push(url=f"{radicale.home}planner-f1")) == {"unchanged": count}
    assert "Nothing was changed" in clinic.pull(url=radicale.home).stdout
    radicale.ask("DELETE", f"{USER}/planner-f1/")


def test_a_list_of_tasks_takes_no_visits(clinic: Clinic, radicale: RadicaleServer, calendar: str) -> None:
    body = (
        b'<C:mkcalendar xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><set><prop><C:supported-calendar-component-set>'
        b'<C:comp name="VTODO"/></C:supported-calendar-component-set></prop></set></C:mkcalendar>'
    )
    radicale.ask("MKCALENDAR", f"{USER}/{calendar}-tasks/", body)
    assert "takes no events (perhaps one of tasks)" in failed(clinic.push(url=f"{radicale.home}{calendar}-tasks/"))
    radicale.ask("MKCOL", f"{USER}/{calendar}-book/", _ADDRESS_BOOK)
    said = failed(clinic.push("--create", url=f"{radicale.home}{calendar}-book/"))
    assert "makes no calendar at" in said


_ADDRESS_BOOK = (
    b'<mkcol xmlns="DAV:" xmlns:CR="urn:ietf:params:xml:ns:carddav"><set><prop><resourcetype><collection/><CR:addressbook/></resourcetype>'
    b"</prop></set></mkcol>"
)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"PLANNER_CALDAV_PASSWORD": "not this one"}, "does not accept the account or the password"),
        ({"PLANNER_CALDAV_USER": "", "PLANNER_CALDAV_PASSWORD": ""}, "asks for an account; set PLANNER_CALDAV_USER"),
        ({"PLANNER_CALDAV_PASSWORD": ""}, "PLANNER_CALDAV_USER is set and PLANNER_CALDAV_PASSWORD is not"),
        ({"PLANNER_CALDAV_USER": ""}, "PLANNER_CALDAV_PASSWORD is set and PLANNER_CALDAV_USER is not"),
    ],
)
def test_an_account_that_is_wrong_is_said(clinic: Clinic, given: dict[str, str], said: str) -> None:
    for name, value in given.items():
        clinic.monkeypatch.setenv(name, value)
    assert said in failed(clinic.push())


def test_the_calendar_of_somebody_else_is_refused(clinic: Clinic, radicale: RadicaleServer) -> None:
    said = failed(clinic.push(url=f"{radicale.url}somebody/visits/"))
    assert "this account may not do that there" in said


def test_no_password_and_no_event_reaches_a_message_a_log_or_the_records(
    clinic: Clinic, radicale: RadicaleServer, calendar: str, caplog: pytest.LogCaptureFixture
) -> None:
    # As `--debug` has it: everything that any library logs.
    with caplog.at_level(logging.DEBUG):
        results = [clinic.push(), clinic.push(), clinic.pull(), clinic.push(url=f"{radicale.home}nowhere/")]
        clinic.monkeypatch.setenv("PLANNER_CALDAV_PASSWORD", "wrong-" + PASSWORD)
        results.append(clinic.push())
    said = caplog.text + "".join(result.output for result in results)
    file = clinic.desk.database.path
    assert file is not None
    kept = b"".join(path.read_bytes() for path in file.parent.iterdir() if path.is_file()).decode("utf-8", "replace")
    assert "http://127.0.0.1" in kept
    for secret in (PASSWORD, "Basic ", "Authorization"):
        assert secret not in said
        assert secret not in kept
    assert "BEGIN:VCALENDAR" not in caplog.text
    assert "SUMMARY" not in caplog.text
    assert not re.search(r"@trial-visit-planner", caplog.text)
