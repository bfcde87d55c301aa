"""Tables for a terminal, as text."""

from __future__ import annotations

import io
import sys

from rich.console import Console, RenderableType

WIDTH_OF_FILES = 240
"""Nothing is cut in a file or a pipe, however wide."""


def width_for(*, to_terminal: bool) -> int:
    """How many characters a line may have: the terminal's, or plenty."""
    return Console().width if to_terminal and sys.stdout.isatty() else WIDTH_OF_FILES


def rendered(*parts: RenderableType, to_terminal: bool) -> str:
    """The text of rich's tables and lines: in colour and as wide as the terminal, or plain and wide for a file."""
    text = io.StringIO()
    width = width_for(to_terminal=to_terminal)
    if to_terminal and sys.stdout.isatty():
        console = Console(file=text, force_terminal=True, width=width)
    else:
        console = Console(file=text, force_terminal=False, color_system=None, width=width)
    for part in parts:
        console.print(part, highlight=False, markup=False)
    return "\n".join(line.rstrip() for line in text.getvalue().split("\n"))
