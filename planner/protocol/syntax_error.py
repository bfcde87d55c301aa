"""What is said of a text that is no YAML."""

from __future__ import annotations

import re
from itertools import islice

import yaml

from planner.protocol.errors import ProtocolError, quoted
from planner.protocol.parser_words import parser_words
from planner.protocol.said import said

_STARTS_WITH_NUMBER_MARK = re.compile(r"(?:^|[:,\[-])\s*\{n\}")
_BRACKETS = re.compile(
    r"latest of \[[^\]]*\]|[^\s,\[\]{}:]*\{n\}[^\s,\[\]{}]*(?: [+-] [^\s,}\]]+)?|(?<=[:,] )[^,:{}\[\]\s][^,{}\[\]]*[{\[][^,}\]]*[}\]]"
)


def syntax_error(error: yaml.YAMLError, text: str, file: str) -> ProtocolError:
    """The parser's complaint, or the plainer "put it in quotes" where that is the reason."""
    mark = getattr(error, "problem_mark", None)
    problem = parser_words(getattr(error, "problem", None) or said("this cannot be read"))
    context = getattr(error, "context", None) or ""
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    at_mark = text[mark.index : mark.index + 1] if mark is not None else ""
    shift = max(0, column - 200)
    written = next(islice(text.splitlines(), line - 1, None), "")[shift : column + 200]
    if ("flow" in context and at_mark in ("{", "[")) or _STARTS_WITH_NUMBER_MARK.search(written):
        value = next((found for found in _BRACKETS.finditer(written) if found.end() + shift >= column - 1), None)
        shown = quoted(value[0])[1:-1] if value is not None else "..."
        message = said(
            'text with brackets or {{n}} inside {{...}} or [...], or at the beginning of a value, stands in quotes: "{shown}"', shown=shown
        )
        return ProtocolError(line, value.start() + shift + 1 if value is not None else column, "needs-quotes", message, file)
    complaint = said("{problem} {context}", problem=problem, context=parser_words(context)) if context else problem
    message = said("{complaint}; check indentation, colons and brackets here", complaint=complaint)
    return ProtocolError(line, column, "yaml-syntax", message, file)
