"""Calendars by name or from a file, and every way in which a file cannot be read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from planner.exchange.calendar_file import load_calendar
from planner.schedule.calendar import CLINIC, CalendarError


def test_names_that_are_no_files() -> None:
    assert load_calendar("CN").name == "CN"
    assert load_calendar("weekdays").name == "weekdays"
    assert load_calendar("none", 2026, 2027).open_table(CLINIC).sum() == 730


def test_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "北京.yaml"
    file.write_text("\ufeffbase: CN\nclosed: [2026-03-02: 设备维护]\n", encoding="utf-8")
    calendar = load_calendar(str(file))
    assert calendar.name == "北京" and not calendar.is_open(CLINIC, date(2026, 3, 2))


def test_a_file_named_like_a_code_comes_first_and_a_directory_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "none").write_text("weekly: [mon]")
    (tmp_path / "CN").mkdir()
    assert not load_calendar("none").is_open(CLINIC, date(2026, 3, 3))
    assert load_calendar("CN").zone == "Asia/Shanghai"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"base: CN\0\1\2", "binary"),
        ("base: CN".encode("utf-16"), "UTF-16"),
        (b"base: CN\nname: caf\xe9\n", ":2: this file is not in UTF-8"),
        (b"#" * 1_000_001, "larger than 1 MB"),
        (b"", "empty-file"),
        (b"zone: Mars\n", ":1:7: unknown-zone"),
        (b"zone: localtime\n", ":1:7: unknown-zone"),
        (b"base: CN\nzone: posix/Asia/Shanghai\n", ":2:7: unknown-zone"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, content: bytes, told: str) -> None:
    file = tmp_path / "site.yaml"
    file.write_bytes(content)
    with pytest.raises(CalendarError) as refused:
        load_calendar(str(file))
    assert told in str(refused.value) and str(file) in str(refused.value)


def test_missing_files_directories_and_unknown_names(tmp_path: Path) -> None:
    for wrong, told in [
        (str(tmp_path / "site.yaml"), "no such calendar file"),
        (str(tmp_path), "is a directory"),
        ("site.yml", "no such calendar file"),
        ("Shanghai", "There is no calendar 'Shanghai'"),
        ("x" * 5_000, "There is no calendar"),
        ("x" * 300 + ".yaml", "no such calendar file"),
        ("Shanghai", "Or give the path of a calendar file"),
        ("a\0b", "There is no calendar"),
    ]:
        with pytest.raises(CalendarError, match=told.replace("'", ".")):
            load_calendar(wrong)
