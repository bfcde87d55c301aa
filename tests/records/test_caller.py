"""Who asks: an account, whoever calls."""

import getpass

import pytest
from typer.testing import CliRunner

from planner.cli import app
from planner.records.caller import Caller
from planner.records.facts.account import AccountError
from tests.records.writing import NOON

NO_ACCOUNTS = ["", "Zhang San 13812345678", "bad\x1b[31mname", "nurse\n", "王护士", "a" * 65, "-nurse"]


@pytest.mark.parametrize("who", NO_ACCOUNTS)
def test_nobody_asks_under_what_is_no_account(who: str) -> None:
    with pytest.raises(AccountError, match="1 to 64 letters, digits") as refused:
        Caller(who, NOON)
    assert not who or who not in str(refused.value)


@pytest.mark.parametrize("who", ["Zhang San 13812345678", "bad\x1b[31mname"])
def test_the_command_line_refuses_the_account_and_writes_nothing(sqlite_url: str, monkeypatch: pytest.MonkeyPatch, who: str) -> None:
    monkeypatch.setenv("PLANNER_DATABASE_URL", sqlite_url)
    result = CliRunner().invoke(app, ["site", "add", "BEI", "--calendar", "CN", "--subject-pattern", r"BEI-\d{3}", "--as", who])
    assert result.exit_code == 2 and "An account is a name to sign in with" in result.stderr and who not in result.stderr


def test_a_login_name_that_is_no_account_asks_for_one(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANNER_DATABASE_URL", sqlite_url)
    monkeypatch.delenv("PLANNER_ACCOUNT", raising=False)
    for variable in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(variable, "Zhang San")
    assert getpass.getuser() == "Zhang San"
    result = CliRunner().invoke(app, ["site", "list"])
    assert result.exit_code == 2 and "give --as ACCOUNT" in result.stderr and "Zhang" not in result.stderr
    assert CliRunner().invoke(app, ["site", "list", "--as", "nurse"]).exit_code == 0
