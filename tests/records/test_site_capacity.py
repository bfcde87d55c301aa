"""How many subjects a resource of a site takes on one day: set, read, refused, told, and left out of what tells who."""

import json

import pytest
from typer.testing import CliRunner

from planner.cli import app
from planner.records.facts.kinds import Kind
from planner.records.facts.wording import in_words
from planner.records.people.administration import AdministrationError, set_site_capacity
from planner.records.people.settings import Settings, Site, UnknownSiteError, read_settings
from planner.records.proof.anonymise import anonymised
from planner.records.store.database import open_database

SETTINGS = Settings(sites={"PEK": Site("PEK", r"PEK-\d{3}")})


def told(url: str, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, arguments, env={"PLANNER_DATABASE_URL": url})
    return result.exit_code, " ".join((result.stdout + result.stderr).split())


def capacities(url: str) -> dict[tuple[str, str], int]:
    with open_database(url).reading() as connection:
        return dict(read_settings(connection).capacities)


def test_the_last_number_counts_and_nothing_takes_it_away(demo_sqlite_url: str) -> None:
    assert told(demo_sqlite_url, "site", "capacity", "BEI", " infusion ", "8") == (0, "infusion at BEI takes 8 a day")
    assert told(demo_sqlite_url, "site", "capacity", "BEI", "infusion", "9")[0] == 0
    assert told(demo_sqlite_url, "site", "capacity", "NYC", "linac", "20")[0] == 0
    assert capacities(demo_sqlite_url) == {("BEI", "infusion"): 9, ("NYC", "linac"): 20}
    assert told(demo_sqlite_url, "site", "capacity", "BEI", "infusion", "0") == (0, "How many infusion at BEI takes is not known")
    assert capacities(demo_sqlite_url) == {("NYC", "linac"): 20}
    assert told(demo_sqlite_url, "audit", "verify")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("PEX", "linac", "3"), "There is no site 'PEX'"),
        (("BEI", "", "3"), "A resource is named by a short word"),
        (("BEI", "any", "3"), "A resource is named by a short word"),
        (("BEI", "l" * 61, "3"), "A resource is named by a short word"),
        (("BEI", "linac", "10001"), "a whole number from 0 (not known) to 10000"),
    ],
)
def test_what_is_refused_says_why_and_writes_nothing(demo_sqlite_url: str, arguments: tuple[str, ...], why: str) -> None:
    code, text = told(demo_sqlite_url, "site", "capacity", *arguments)
    assert code == 1
    assert why in text
    assert capacities(demo_sqlite_url) == {}


def test_it_is_said_in_words() -> None:
    assert in_words(set_site_capacity(SETTINGS, "PEK", "linac", 20)) == "linac at PEK takes 20 a day"
    assert in_words(set_site_capacity(SETTINGS, "PEK", "linac", 0)) == "capacity of linac at PEK taken away"
    with pytest.raises(UnknownSiteError):
        set_site_capacity(SETTINGS, "SHA", "linac", 20)
    with pytest.raises(AdministrationError, match="whole number"):
        set_site_capacity(SETTINGS, "PEK", "linac", -1)


def test_an_anonymised_export_names_no_resource_but_those_of_protocols(demo_sqlite_url: str) -> None:
    told(demo_sqlite_url, "site", "capacity", "BEI", "Room of Dr Musterfrau", "4")
    lines: list[str] = []
    with open_database(demo_sqlite_url).reading() as connection:
        anonymised(connection, lines.append)
    text = "".join(lines)
    assert "Musterfrau" not in text
    (fact,) = [known for line in text.splitlines() if (known := json.loads(line).get("fact", {})).get("kind") == Kind.SITE_CAPACITY_SET]
    assert fact["value"].startswith("RESOURCE")
    assert json.loads(fact["details"]) == {"places": 4}
