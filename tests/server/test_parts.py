"""A feed that is too large for one file, served and made by its command."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from planner.exchange.feed import LARGEST_PART
from tests.server.clinic import events_in
from tests.server.serving import planner, serving


@pytest.mark.long
def test_both_files_together_are_the_feed(demo_sqlite_url: str, written: Path) -> None:
    made = planner(demo_sqlite_url, "feed", "make", "study", "ulrrc", "--purpose", "all", "--back", "3660", "--ahead", "3660")
    assert made.returncode == 0, made.stderr
    assert "Part 1 of 2" in made.stdout and "Part 2 of 2" in made.stdout
    first, second = re.findall(r"^  http://127.0.0.1:8501(/feed/\S+)$", made.stdout, flags=re.MULTILINE)
    assert second == first.replace(".ics", "/2.ics")
    with serving(demo_sqlite_url, written) as served:
        one, two = served.get(first), served.get(second)
        assert (one.status, two.status) == (200, 200)
        assert served.get(first.replace(".ics", "/3.ics")).status == 404
        assert served.get(second, {"If-None-Match": two.headers["etag"]}).status == 304
        assert served.get(first, {"If-None-Match": two.headers["etag"]}).status == 200
        assert two.headers["content-disposition"] == 'inline; filename="visits-2.ics"'
    assert len(one.body) <= LARGEST_PART + 20_000 and len(two.body) <= LARGEST_PART + 20_000
    events = [events_in(answer.body) for answer in (one, two)]
    assert not events[0].keys() & events[1].keys()
    listed = planner(demo_sqlite_url, "feed", "list", "--format", "csv")
    (row,) = [line.split(",") for line in listed.stdout.splitlines()[1:]]
    # The first file has one event more: the notice that there is another.
    assert len(events[0]) + len(events[1]) == int(row[5]) + 1 and row[7] == "2"
