"""Commands whose single options are given once and not empty."""

from __future__ import annotations

from collections import Counter
from typing import Any

from typer.core import TyperCommand, TyperOption

_NAMES_SOMETHING = ("protocol", "calendar", "on", "from_", "out", "cohort")


class OnceCommand(TyperCommand):
    """Refuses a single option that is given twice, of which the last would win without a word, and one without any text."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """The same as without these refusals; ends the call with exit code 2 otherwise."""
        values, _, given = self.make_parser(ctx).parse_args(args=list(args))
        for option, times in Counter(given).items():
            if times > 1 and isinstance(option, TyperOption) and not option.multiple and not option.is_flag:
                ctx.fail(f"{option.opts[0]} is given {times} times; give it once.")
        for option in dict.fromkeys(given):
            text = values.get(option.name)
            if option.name in _NAMES_SOMETHING and isinstance(text, str) and not text.strip():
                name = option.opts[0] if isinstance(option, TyperOption) else "PROTOCOL"
                ctx.fail(f"{name}: nothing is given; write {option.metavar}, or leave the option out.")
        return super().parse_args(ctx, args)
