"""Which sheets a list becomes."""

from planner.exchange.spreadsheets.site_sheets import site_sheets

ROWS = [["PEK", "PEK-001", 1], ["BEI", "BEI-001", 2], ["PEK", "PEK-002", 3]]


def test_all_rows_come_first_and_then_each_site_has_its_own() -> None:
    sheets = site_sheets(["site", "subject", "n"], ROWS)
    assert [(sheet.name, [row[2] for row in sheet.rows]) for sheet in sheets] == [("all", [1, 2, 3]), ("BEI", [2]), ("PEK", [1, 3])]
    assert {tuple(sheet.columns) for sheet in sheets} == {("site", "subject", "n")}


def test_lists_that_are_not_of_subjects_at_sites_have_one_sheet() -> None:
    assert [sheet.name for sheet in site_sheets(["site", "calendar"], [["PEK", "CN"], ["BEI", "CN"]])] == ["all"]
    assert [sheet.name for sheet in site_sheets(["account", "role", "site"], [["nurse", "nurse", "PEK"]])] == ["all"]
    assert [sheet.name for sheet in site_sheets(["subject", "said"], [["PEK-001", "done"]])] == ["all"]


def test_a_list_without_rows_has_the_first_sheet() -> None:
    assert [(sheet.name, list(sheet.rows)) for sheet in site_sheets(["subject", "site"], [])] == [("all", [])]
