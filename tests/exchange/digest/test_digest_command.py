"""``digest`` from a shell's point of view."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from planner.commands.once import OnceCommand
from planner.commands.records.digest import digest
from planner.exchange import today
from planner.records.store.database import open_database
from tests.exchange.digest.mail_servers import PASSWORD, MailServer, free_port
from tests.exchange.digest.station import NOW, station

Call = Callable[..., Result]


@pytest.fixture
def call(sqlite_url: str, monkeypatch: pytest.MonkeyPatch, mail_server: MailServer) -> Iterator[Call]:
    """Calls the command at noon in China on 21 April, as the administrator, on the station; the mail server is a real one."""
    database = open_database(sqlite_url)
    station(database)
    database.close()
    for name, value in (mail_server.environment() | {"PLANNER_DATABASE_URL": sqlite_url, "PLANNER_ACCOUNT": "administrator"}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PLANNER_MAIL_DOMAIN", "hospital.example")
    monkeypatch.setattr(today, "now", lambda: NOW)
    app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command("digest", cls=OnceCommand)(digest)
    yield lambda *arguments: CliRunner().invoke(app, list(arguments))


def parsed(content: bytes) -> EmailMessage:
    message = BytesParser(policy=default).parsebytes(content)
    assert isinstance(message, EmailMessage)
    return message


class TestSending:
    def test_to_accounts(self, call: Call, mail_server: MailServer) -> None:
        result = call("--to", "anna", "--to", "bob=elsewhere@other.example")
        assert (result.exit_code, result.stderr) == (0, "")
        assert result.stdout.startswith("anna: sent for 20")
        assert mail_server.recipients() == ["anna@hospital.example", "elsewhere@other.example"]
        again = call("--to", "anna", "--to", "bob=elsewhere@other.example")
        assert again.exit_code == 0
        assert "anna: sent already for " in again.stdout
        assert len(mail_server.received) == 2

    def test_to_all_coordinators(self, call: Call, mail_server: MailServer) -> None:
        assert call("--coordinators", "--to", "anna=at@home.example").exit_code == 0
        assert mail_server.recipients() == ["at@home.example", "bob@hospital.example"]

    def test_with_a_calendar_in_chinese(self, call: Call, mail_server: MailServer) -> None:
        assert call("--to", "anna", "--ics", "--lang", "zh-CN").exit_code == 0
        message = mail_server.received[0].message
        assert "待处理访视" in message["Subject"]
        assert [part.get_content_type() for part in message.iter_attachments()] == ["text/calendar"]

    def test_who_did_not_get_theirs_makes_it_fail(self, call: Call, mail_server: MailServer) -> None:
        mail_server.answers["bob@hospital.example"] = "550 5.1.1 unknown"
        result = call("--to", "cara", "--to", "bob", "--to", "anna")
        assert result.exit_code == 1
        assert result.stdout.startswith("anna: sent for ")
        lines = result.stderr.splitlines()
        assert lines[0].startswith("cara: cara may not read at any site")
        assert lines[1].startswith("bob: The mail server localhost, port ") and "(550 5.1.1)" in lines[1]
        assert lines[2].startswith("2 of 3 mails were not sent.")
        mail_server.answers.clear()
        assert call("--to", "bob", "--to", "anna").exit_code == 0
        assert mail_server.recipients() == ["anna@hospital.example", "bob@hospital.example"]

    def test_again(self, call: Call, mail_server: MailServer) -> None:
        for _ in range(2):
            assert call("--to", "anna", "--again").exit_code == 0
        assert len({mail.message["Message-ID"] for mail in mail_server.received}) == 2

    def test_no_secret_and_no_address_is_logged(
        self, call: Call, mail_server: MailServer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        caplog.set_level(logging.DEBUG, "planner")
        monkeypatch.setenv("PLANNER_SMTP_PASSWORD", f"{PASSWORD}-wrong")
        result = call("--to", "anna")
        assert result.exit_code == 1
        logged = "".join(record.getMessage() for record in caplog.records if record.name.startswith("planner"))
        for text in (PASSWORD, "anna@hospital.example"):
            assert text not in result.output + logged


class TestRights:
    def test_others_take_the_right_to_administer(self, call: Call, mail_server: MailServer) -> None:
        result = call("--to", "anna", "--to", "bob", "--as", "anna")
        assert result.exit_code == 1
        assert "anna may not administer for the whole installation" in result.stderr
        assert not mail_server.received

    def test_ones_own_takes_only_reading(self, call: Call, mail_server: MailServer) -> None:
        assert call("--to", "anna", "--as", "anna").exit_code == 0
        assert call("--to", "cara", "--as", "cara").exit_code == 1
        assert mail_server.recipients() == ["anna@hospital.example"]

    def test_a_dry_run_takes_the_same_rights(self, call: Call) -> None:
        result = call("--to", "bob", "--as", "anna", "--dry-run")
        assert result.exit_code == 1
        assert result.stdout == ""


class TestDryRun:
    def test_on_standard_output(self, call: Call, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("HOST", "PORT", "TLS", "USER", "PASSWORD", "CA"):
            monkeypatch.delenv(f"PLANNER_SMTP_{name}")
        result = call("--to", "anna", "--dry-run", "--ics")
        assert (result.exit_code, result.stderr) == (0, "")
        message = parsed(result.stdout_bytes)
        assert not message.defects
        assert message["To"] == "anna@hospital.example"
        assert result.stdout_bytes.endswith(b"\r\n")
        assert not mail_server.received

    def test_into_a_folder_and_nothing_is_noted(self, call: Call, mail_server: MailServer, tmp_path: Path) -> None:
        folder = tmp_path / "mails"
        folder.mkdir()
        result = call("--coordinators", "--to", "cara", "--dry-run", "--out", str(folder))
        assert result.exit_code == 1
        assert result.stderr.startswith("cara: cara may not read at any site")
        assert sorted(path.name for path in folder.iterdir()) == ["anna.eml", "bob.eml"]
        assert parsed((folder / "bob.eml").read_bytes())["To"] == "bob@hospital.example"
        assert (folder / "bob.eml").stat().st_mode & 0o077 == 0
        assert not mail_server.received
        assert "anna: sent for" in call("--to", "anna").stdout

    def test_counts_only(self, call: Call) -> None:
        result = call("--to", "anna", "--dry-run", "--no-subjects")
        assert result.exit_code == 0
        assert "PEK-" not in result.stdout

    def test_a_folder_that_is_not_there(self, call: Call, tmp_path: Path) -> None:
        result = call("--to", "anna", "--dry-run", "--out", str(tmp_path / "none"))
        assert result.exit_code == 1
        assert "there is no folder" in result.stderr


class TestWrongCalls:
    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            ([], "Give --to ACCOUNT (repeatable), or --coordinators"),
            (["--to", "anna", "--out", "x"], "--out is where --dry-run writes"),
            (["--to", "anna", "--ics", "--no-subjects"], "give one of the two"),
            (["--to", "anna", "--to", "bob", "--dry-run"], "would write 2 mails; give --out FOLDER, or one --to"),
            (["--to", "anna=a@b.example", "--to", "anna=c@d.example"], "anna is given with two addresses"),
            (["--to", "Anna Muster"], "An account is a name to sign in with"),
            (["--to", "anna=a@b.example\r\nBcc: all@b.example"], "one plain mail address is needed"),
            (["--to", "anna=a@b.example,c@d.example"], "one plain mail address is needed"),
        ],
    )
    def test_they_are_refused_before_anything_is_sent(self, call: Call, mail_server: MailServer, arguments: list[str], said: str) -> None:
        result = call(*arguments)
        assert result.exit_code == 2
        assert said in result.stderr
        assert "Bcc" not in result.stderr
        assert not mail_server.received

    def test_all_wrong_addresses_are_named_at_once(self, call: Call) -> None:
        result = call("--to", "anna=x", "--to", "bob=y", "--to", "administrator")
        assert [line.split(":")[1].strip() for line in result.stderr.splitlines()] == ["The address of anna", "The address of bob"]

    @pytest.mark.parametrize(
        ("name", "value", "said"),
        [
            ("PLANNER_MAIL_FROM", "", "Set PLANNER_MAIL_FROM"),
            ("PLANNER_SMTP_HOST", "", "Set PLANNER_SMTP_HOST"),
            ("PLANNER_MAIL_DOMAIN", "", "Set PLANNER_MAIL_DOMAIN"),
            ("PLANNER_SMTP_TLS", "none", "sends no password"),
        ],
    )
    def test_a_setting_that_is_missing_or_wrong(
        self, call: Call, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
    ) -> None:
        monkeypatch.setenv(name, value)
        result = call("--to", "anna")
        assert result.exit_code in (1, 2)
        assert said in result.stderr

    def test_a_server_that_is_down(self, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PLANNER_SMTP_PORT", str(free_port()))
        result = call("--coordinators")
        assert result.exit_code == 1
        assert len(result.stderr.splitlines()) == 3


def test_nobody_is_coordinator(sqlite_url: str, monkeypatch: pytest.MonkeyPatch, call: Call, tmp_path: Path) -> None:
    empty = tmp_path / "empty.sqlite"
    open_database(f"sqlite:///{empty}").close()
    monkeypatch.setenv("PLANNER_DATABASE_URL", f"sqlite:///{empty}")
    result = call("--coordinators")
    assert result.exit_code == 1
    assert "Nobody is granted the role coordinator" in result.stderr
