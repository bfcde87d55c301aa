"""How every command that changes a subject goes on: propose, show before and after, save."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.commands.failures import InputWrong, say
from planner.commands.output import tell, write_out
from planner.commands.records.desk import caller, existing_records

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from planner.records.caller import Caller
    from planner.records.changes.moves import Move
    from planner.records.changes.proposal import Proposal
    from planner.records.facts.fact import Fact, NewFact, SubjectKey
    from planner.schedule.rows import VisitRow


_LEAST_ALSO = 20
"""Characters of the column whose texts are folded."""


@dataclass(frozen=True, slots=True)
class How:
    """The options that every change takes."""

    reason: str | None = None
    note: str | None = None
    seen: int | None = None
    dry_run: bool = False
    account: str | None = None

    @property
    def why(self) -> dict[str, str]:
        """Reason and note as planner.records.changes.acts takes them."""
        return {"reason": (self.reason or "").strip(), "note": (self.note or "").strip()}


@dataclass(frozen=True, slots=True)
class Known:
    """What a command may look at to word its facts."""

    connection: Connection
    caller: Caller
    subject: SubjectKey
    facts: Sequence[Fact]


def change(subject: str, how: How, facts_of: Callable[[Known], tuple[NewFact, ...]]) -> None:
    """Work out what ``facts_of`` would do to a subject, show it, and save it unless this is a dry run."""
    from planner.records.changes.change import propose, save
    from planner.records.people.readable import open_subject

    who = caller(how.account)
    with existing_records() as database:
        with database.reading() as connection:
            opened = open_subject(connection, who, subject)
            known = Known(connection, who, opened.key, opened.facts)
            proposal = propose(connection, who, opened.key, facts_of(known), last_seen=how.seen)
        show_proposal(proposal)
        if how.dry_run:
            tell("Nothing was written (--dry-run).")
            return
        with database.writing() as connection:
            written = save(connection, who, proposal)
    tell(saved(written))


def saved(written: Sequence[Fact]) -> str:
    """What to say once facts are in the log."""
    from planner.records.facts.wording import in_words

    said = "; ".join(in_words(fact.said) for fact in written)
    return f"Saved {written[0].subject}, revision {written[-1].number}: {said}."


def show_proposal(proposal: Proposal) -> None:
    """Every visit that changes, before and after, on standard output; warnings on standard error."""
    from planner.records.facts.wording import in_words

    said = "; ".join(in_words(fact) for fact in proposal.facts)
    shown = [move for move in proposal.moves if move.is_on_calendar]
    write_out([before_and_after(f"{proposal.subject}, revision {proposal.last_seen}: {said}", shown)], None)
    for warning in proposal.warnings:
        say(f"Warning: {warning.text}")
    for unfit in proposal.unfit:
        say(f"Does not fit: fact {unfit.number}: {unfit.why}")


def before_and_after(heading: str, moves: Sequence[Move]) -> str:
    """A table of visits with their day, window and status before and after, and what else changes at them."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    from planner.commands.terminal import rendered, width_for

    if not moves:
        return rendered(Text(heading, style="bold"), Text("No visit changes."), to_terminal=True)
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    cells = {
        "visit": [move.visit for move in moves],
        "before": [_day(move.before) for move in moves],
        "after": [_day(move.after) for move in moves],
        "moves": [f"{move.days:+d} d" if move.days else "" for move in moves],
        "window before": [_window(move.before) for move in moves],
        "window after": [_window(move.after) for move in moves],
        "status": [_status(move) for move in moves],
        "also": [_others(move) for move in moves],
    }
    columns = _fitting(cells, width_for(to_terminal=True))
    for column in columns:
        table.add_column(column, no_wrap=column != "also")
    for row in zip(*(cells[column] for column in columns), strict=True):
        table.add_row(*map(Text, row))
    return rendered(Text(heading, style="bold"), table, to_terminal=True)


def _fitting(cells: Mapping[str, Sequence[str]], width: int) -> list[str]:
    """The columns that a line has room for: no visit and no date is ever cut, so on a narrow terminal others are left out."""
    columns = [column for column, texts in cells.items() if column != "also" or any(texts)]
    for least in ("window before", "window after", "status", "also", "moves"):
        if (
            sum(max(map(len, (column, *cells[column]))) + 2 for column in columns if column != "also")
            + (_LEAST_ALSO if "also" in columns else 0)
            <= width
        ):
            break
        columns = [column for column in columns if column != least]
    return columns


def _day(row: VisitRow | None) -> str:
    if row is None or row.effective is None:
        return "-"
    return f"{row.effective:%a} {row.effective}" + (f" {row.booked_at:%H:%M}" if row.booked_at else "")


def _window(row: VisitRow | None) -> str:
    if row is None or row.earliest is None or row.latest is None:
        return ""
    return f"{row.earliest}..{row.latest}" if row.earliest != row.latest else str(row.earliest)


def _status(move: Move) -> str:
    before, after = (row.status if row is not None else "-" for row in (move.before, move.after))
    return before if before == after else f"{before} > {after}"


def _others(move: Move) -> str:
    """What is no longer done at the visit, what is done besides, and the flags that it did not have."""
    parts = [("not done: ", move.left_out), ("also done: ", move.added), ("", move.new_flags if move.before is not None else ())]
    return "; ".join(f"{word}{', '.join(names)}" for word, names in parts if names)


def one_of(option: str, text: str, allowed: Sequence[str]) -> str:
    """``text`` if it is one of the words; raises InputWrong with all of them."""
    if text.strip() not in allowed:
        raise InputWrong([f"{option}: {text} is none of {', '.join(allowed)}"])
    return text.strip()


def parts_of(texts: Sequence[str] | None) -> Iterator[str]:
    """The words of a repeatable option, each given alone or several with commas."""
    for text in texts or ():
        yield from (part.strip() for part in text.split(",") if part.strip())
