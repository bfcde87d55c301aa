"""A list as an HTML table of the class ``list`` (``list_table.css``): cards where there is little room, each cell with its heading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class ActButton:
    """A button in a line: what is chosen by it, and which one."""

    what: str
    value: str
    label: str
    name: str
    """What it is called where its line is not seen: ``End F3``."""

    def html(self) -> str:
        """The button."""
        value, name, focus = (escape(text, quote=True) for text in (self.value, self.name, f"{self.what} {self.value}"))
        return (
            f'<button type="button" class="act open" data-choose="{self.what}" data-value="{value}" data-focus="{focus}" '
            f'aria-label="{name}">{escape(self.label)}</button>'
        )


def acts_html(*buttons: ActButton) -> str:
    """The last cell of a line."""
    return f'<div class="acts">{"".join(button.html() for button in buttons)}</div>'


def list_html(caption: str, heads: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """The table; cells are HTML, the first of each line is its heading."""
    head = "".join(f'<th role="columnheader" scope="col">{escape(text)}</th>' for text in heads)
    body = "".join(_line(heads, line) for line in lines)
    return (
        f'<table class="list" role="table"><caption class="unseen">{escape(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def _line(heads: Sequence[str], line: Sequence[str]) -> str:
    first, *cells = line
    columns = "".join(
        f'<td role="cell" data-head="{escape(head, quote=True)}">{cell}</td>' for head, cell in zip(heads[1:], cells, strict=True)
    )
    return f'<tr role="row"><th role="rowheader" scope="row">{first}</th>{columns}</tr>'
