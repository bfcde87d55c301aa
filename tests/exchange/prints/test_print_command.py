"""``print``, from a shell's point of view."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from planner.commands.once import OnceCommand
from planner.commands.records.print_ import print_
from planner.records.changes import acts
from planner.records.traces.prints import Print, last_print
from tests.exchange.prints.reading import text_of
from tests.records.desk import LATE, SUBJECT, Desk, someone

Call = Callable[..., Result]


@pytest.fixture
def call(desk: Desk, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Calls ``print`` on the desk's database, as the account ``nurse``."""
    monkeypatch.setenv("PLANNER_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("PLANNER_ACCOUNT", "nurse")
    app = typer.Typer(pretty_exceptions_enable=False, rich_markup_mode=None)
    app.callback()(lambda: None)
    app.command("print", cls=OnceCommand)(print_)
    return lambda *arguments: CliRunner().invoke(app, ["print", *map(str, arguments)])


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """Sets the clock to noon in China of a day."""
    return lambda day: monkeypatch.setattr("planner.exchange.today.now", lambda: someone(day).now)


def fine(result: Result) -> str:
    assert result.exit_code == 0, result.stderr
    return result.stderr


def printed(desk: Desk) -> Print | None:
    with desk.database.reading() as connection:
        return last_print(connection, SUBJECT)


def test_a_calendar_is_written_and_noted(call: Call, today: Callable[[date], None], desk: Desk, tmp_path: Path) -> None:
    out = tmp_path / "calendar.pdf"
    today(LATE)
    assert "calendar of ulrrc/PEK-001, revision 10" in fine(call("PEK-001", "--lang", "zh-CN", "--out", out))
    assert out.stat().st_mode & 0o077 == 0
    assert "您的访视日历" in text_of(out.read_bytes())
    noted = printed(desk)
    assert noted is not None
    assert (noted.revision, noted.language, noted.who) == (10, "zh-CN", "nurse")


def test_the_same_call_writes_the_same_bytes(call: Call, tmp_path: Path) -> None:
    files = [tmp_path / "one.pdf", tmp_path / "two.pdf"]
    for out in files:
        fine(call("ulrrc/PEK-001", "--on", "2026-04-21", "--out", out))
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_calendar_of_another_day_is_not_noted_and_says_so(call: Call, today: Callable[[date], None], desk: Desk, tmp_path: Path) -> None:
    today(LATE)
    said = fine(call("PEK-001", "--on", "2026-05-21", "--out", tmp_path / "a.pdf"))
    assert "as of 2026-05-21, not of today" in said and printed(desk) is None


def test_who_left_the_study_is_told_before_it_is_handed_out(call: Call, today: Callable[[date], None], desk: Desk, tmp_path: Path) -> None:
    today(LATE)
    assert "left the study" not in fine(call("PEK-001", "--out", tmp_path / "a.pdf"))
    desk.record(acts.left_study(LATE, "withdrawn", reason="consent_withdrawn"))
    assert "left the study (withdrawn on 2026-04-21)" in fine(call("PEK-001", "--out", tmp_path / "a.pdf"))


def test_a_print_is_no_stream(call: Call) -> None:
    result = call("PEK-001", "--out", "-")
    assert result.exit_code == 2 and "name one that ends in .pdf" in result.stderr


def test_the_next_print_marks_what_changed(call: Call, today: Callable[[date], None], desk: Desk, tmp_path: Path) -> None:
    out = tmp_path / "calendar.pdf"
    today(LATE)
    fine(call("PEK-001", "--out", out))
    assert "▲" not in text_of(out.read_bytes())
    desk.record_done({"C3D1": "2026-04-24"}, on=date(2026, 4, 24))
    today(date(2026, 4, 24))
    fine(call("PEK-001", "--out", out))
    assert "▲was" in text_of(out.read_bytes())
    assert "(revision10)" in text_of(out.read_bytes())


def test_nothing_is_noted_where_nothing_was_written(call: Call, desk: Desk, tmp_path: Path) -> None:
    result = call("PEK-001", "--out", tmp_path / "none" / "calendar.pdf")
    assert result.exit_code == 1
    assert "there is no folder" in result.stderr
    assert printed(desk) is None


def test_month_pages_that_are_cut_are_said(call: Call, tmp_path: Path) -> None:
    said = fine(call("PEK-001", "--on", "2026-04-21", "--months", "2", "--out", tmp_path / "a.pdf"))
    assert "The print has 2 month pages; later visits are in its list only." in said
    assert "month pages" not in fine(call("PEK-001", "--on", "2026-04-21", "--out", tmp_path / "a.pdf"))


def test_changes_since_a_revision(call: Call, tmp_path: Path) -> None:
    out = tmp_path / "calendar.pdf"
    fine(call("PEK-001", "--since", 3, "--on", "2026-04-21", "--out", out))
    assert "Comparedwithrevision3of" in text_of(out.read_bytes())
    result = call("PEK-001", "--since", 99, "--out", out)
    assert (result.exit_code, "has the revisions 1 to 10, not 99" in result.stderr) == (1, True)


def test_a_week(call: Call, desk: Desk, tmp_path: Path) -> None:
    out = tmp_path / "week.pdf"
    desk.record(acts.visit_booked("C3D1", date(2026, 4, 22), "14:00"))
    said = fine(call("--week", "2026-W17", "--site", "PEK", "--on", LATE, "--out", out))
    assert "1 visit of week 2026-W17" in said
    assert "C3D1" in text_of(out.read_bytes())
    assert printed(desk) is None


def test_a_study_needs_no_database(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANNER_DATABASE_URL", f"sqlite:///{tmp_path}/none.sqlite")
    fine(call("--study", "ulrrc", "--out", tmp_path / "study.pdf"))
    assert "Scheduleofactivities" in text_of((tmp_path / "study.pdf").read_bytes())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "one thing only"),
        (("PEK-001", "--week", "2026-W17"), "one thing only"),
        (("--week", "2026-W17", "--study", "ulrrc"), "one thing only"),
        (("PEK-001", "--site", "PEK"), "--site cannot be used"),
        (("--week", "2026-W17", "--since", "3"), "--since cannot be used with --week"),
        (("--study", "ulrrc", "--months", "3", "--on", "2026-04-21"), "--months and --on cannot be used with --study"),
        (("PEK-001", "--months", "19"), "--months"),
        (("PEK-001", "--lang", "fr"), "--lang"),
    ],
)
def test_a_wrong_call_is_refused_and_writes_nothing(call: Call, tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    result = call(*arguments, "--out", tmp_path / "x.pdf")
    assert result.exit_code == 2
    assert said in result.stderr
    assert not (tmp_path / "x.pdf").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("PEK-999",), "There is no subject PEK-999"),
        (("--week", "2026-W54"), "There is no week 2026-W54"),
        (("--week", "next"), "'next' is no week; write 2026-W47"),
        (("--week", "2026-W17", "--site", "XXX"), "There is no site XXX"),
        (("--study", "ulrc"), "ulrc"),
        (("PEK-001", "--on", "2026-02-30"), "--on"),
    ],
)
def test_a_wrong_input_is_refused_and_writes_nothing(call: Call, tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    result = call(*arguments, "--out", tmp_path / "x.pdf")
    assert result.exit_code == 1
    assert said in result.stderr
    assert not (tmp_path / "x.pdf").exists()


def test_who_may_not_read_gets_nothing(call: Call, desk: Desk, tmp_path: Path) -> None:
    desk.add_site("SHA", desk.view().state.calendar)
    desk.grant(("stranger", "nurse", "SHA"))
    refused = call("PEK-001", "--as", "stranger", "--out", tmp_path / "x.pdf")
    assert (refused.exit_code, "There is no subject PEK-001 that this account may read" in refused.stderr) == (1, True)
    assert "0 visits" in fine(call("--week", "2026-W16", "--as", "stranger", "--out", tmp_path / "week.pdf"))
    nobody = call("--week", "2026-W16", "--as", "nobody", "--out", tmp_path / "x.pdf")
    assert (nobody.exit_code, "may not read" in nobody.stderr) == (1, True)
    assert not (tmp_path / "x.pdf").exists()


def test_a_character_that_no_font_has_is_said(call: Call, desk: Desk, tmp_path: Path) -> None:
    from tests.exchange.prints.making import set_contact

    set_contact(desk, "龘 office, 010-5555 0101")
    assert "龘 (U+9F98)" in fine(call("PEK-001", "--out", tmp_path / "a.pdf"))
