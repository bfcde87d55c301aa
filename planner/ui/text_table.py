"""A table of texts as HTML, that can be read line by line, copied, and scrolled by keyboard where it is wider than the screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def text_table(label: str, columns: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """The table; the first cell of each line is its heading."""
    heads = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in rest)}</tr>' for first, *rest in lines
    )
    name = escape(label, quote=True)
    return (
        f'<div class="text-table" role="region" tabindex="0" aria-label="{name}"><table><caption>{name}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )
