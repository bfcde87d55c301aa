"""Lists as files to take along."""

import io
from dataclasses import dataclass
from datetime import date

from openpyxl import load_workbook  # type: ignore[import-untyped]

from planner.exchange.spreadsheets.list_files import list_csv, list_workbook

COLUMNS = ("subject", "site", "day", "flags")


@dataclass(frozen=True)
class Item:
    subject: str
    site: str
    day: date | None
    flags: tuple[str, ...]


ITEMS = [Item("BEI-001", "BEI", date(2026, 11, 20), ("unconfirmed", "closed_day")), Item("=1+1", "NYC", None, ())]


def test_csv_is_known_as_utf_8_and_holds_no_formula() -> None:
    lines = list_csv(ITEMS, COLUMNS).decode("utf-8").splitlines()
    assert lines[0] == "\ufeffsubject,site,day,flags"
    assert lines[1] == "BEI-001,BEI,2026-11-20,unconfirmed;closed_day"
    assert not lines[2].startswith("=")


def test_a_workbook_has_a_sheet_for_all_and_one_for_each_site() -> None:
    workbook = load_workbook(io.BytesIO(list_workbook(ITEMS, COLUMNS)))
    assert workbook.sheetnames == ["all", "BEI", "NYC"]
    assert workbook["BEI"].max_row == 2
    assert workbook["all"]["C2"].value.date() == date(2026, 11, 20)
    assert workbook["all"]["A3"].data_type == "s"
