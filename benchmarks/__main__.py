"""``python -m benchmarks``: measure everything, print the table, write the JSON.

``python -m benchmarks records`` measures the records alone, ``python -m benchmarks calendars`` feeds and prints, and
``python -m benchmarks screens`` the screens, in a process of their own: `make bench` runs both.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from time import perf_counter

from benchmarks.calendar_files import calendar_file_figures
from benchmarks.cohort import cohort_figures
from benchmarks.command_line import command_line_figures
from benchmarks.feeds import feed_figures
from benchmarks.feeds_http import feeds_http_figures
from benchmarks.growth import growth_figures
from benchmarks.measure import Figure
from benchmarks.one_subject import one_subject_figures
from benchmarks.oracle import oracle_figures
from benchmarks.peers import peer_figures
from benchmarks.prints import print_figures
from benchmarks.records import DRAWN, records_figures
from benchmarks.report import LATEST, LATEST_CALENDARS, RECORDS, SCREENS, print_table, write_json
from benchmarks.screens import OF_COHORT, screens_figures
from benchmarks.study import plan
from benchmarks.subjects_with_facts import subjects_with_facts
from planner.schedule.cohort import Cohort

_SUBJECTS = 100_000
_SEED = 1

_OF_CALENDARS = 20_000

Part = Callable[[Cohort], Iterable[Figure]]

CALENDARS: Mapping[str, Part] = {
    "prints": lambda _: print_figures(),
    "feeds": feed_figures,
    "feeds over HTTP": lambda _: feeds_http_figures(),
}


def main() -> None:
    """Measure what the command line names: one part, or all but the screens."""
    if sys.argv[1:] == ["records"]:
        _measure({"the records": records_figures}, DRAWN, RECORDS)
    elif sys.argv[1:] == ["calendars"]:
        _measure(CALENDARS, _OF_CALENDARS, LATEST_CALENDARS)
    elif sys.argv[1:] == ["screens"]:
        _measure({"the screens": screens_figures}, OF_COHORT, SCREENS)
    elif sys.argv[1:]:
        sys.exit(f"There is no part {' '.join(sys.argv[1:])}. Write python -m benchmarks, or behind it records, calendars or screens.")
    else:
        # Small measurements first, before the large ones have heated the machine and filled its memory.
        parts: dict[str, Part] = {
            "the command line from cold": lambda _: command_line_figures(),
            "one subject": one_subject_figures,
            "calendar files": calendar_file_figures,
            **CALENDARS,
            "the oracle": oracle_figures,
            "other ways to the same dates": lambda _: peer_figures(),
            "the records": records_figures,
            "100,000 subjects": cohort_figures,
            "growth and memory": growth_figures,
        }
        _measure(parts, _SUBJECTS, LATEST)


def _measure(parts: Mapping[str, Part], subjects: int, path: Path) -> None:
    began = perf_counter()
    _say(f"making {subjects:,} subjects with facts")
    cohort = subjects_with_facts(plan(), subjects, _SEED)
    figures: list[Figure] = []
    for name, measure in parts.items():
        _say(f"measuring {name}")
        figures.extend(measure(cohort))
    print_table(figures)
    write_json(figures, path)
    _say(f"written to {path.relative_to(path.parents[2])}; {perf_counter() - began:.0f} seconds in all")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
