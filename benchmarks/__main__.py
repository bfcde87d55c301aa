"""``python -m benchmarks``: measure everything, print the table, write the JSON."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from time import perf_counter

from benchmarks.calendar_files import calendar_file_figures
from benchmarks.cohort import cohort_figures
from benchmarks.command_line import command_line_figures
from benchmarks.growth import growth_figures
from benchmarks.measure import Figure
from benchmarks.one_subject import one_subject_figures
from benchmarks.oracle import oracle_figures
from benchmarks.peers import peer_figures
from benchmarks.report import LATEST, print_table, write_json
from benchmarks.study import plan
from benchmarks.subjects_with_facts import subjects_with_facts

_SUBJECTS = 100_000
_SEED = 1


def main() -> None:
    """Small measurements first, before the large ones have heated the machine and filled its memory."""
    began = perf_counter()
    _say("making 100,000 subjects with facts")
    cohort = subjects_with_facts(plan(), _SUBJECTS, _SEED)
    parts: dict[str, Callable[[], Iterable[Figure]]] = {
        "the command line from cold": command_line_figures,
        "one subject": lambda: one_subject_figures(cohort),
        "calendar files": lambda: calendar_file_figures(cohort),
        "the oracle": lambda: oracle_figures(cohort),
        "other ways to the same dates": peer_figures,
        "100,000 subjects": lambda: cohort_figures(cohort),
        "growth and memory": lambda: growth_figures(cohort),
    }
    figures: list[Figure] = []
    for name, measure in parts.items():
        _say(f"measuring {name}")
        figures.extend(measure())
    print_table(figures)
    write_json(figures)
    _say(f"written to {LATEST.relative_to(LATEST.parents[2])}; {perf_counter() - began:.0f} seconds in all")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
