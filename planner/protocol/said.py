"""A sentence that still knows what it was made from, so that it can be said in another language.

It is a text like any other: English, equal to the plain one, and safe to print, compare and join. What joins or cuts it gets a plain text.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType


class Said(str):
    """An English sentence with its template and the values in it."""

    template: str
    """As ``str.format`` takes it: ``{visit} is on {day}, a closed day.``"""
    values: Mapping[str, object]
    """Texts, numbers and dates, or sentences in their turn; tuples of texts are listed with commas."""

    def __new__(cls, template: str, values: Mapping[str, object]) -> Said:
        """Fill the template in."""
        filled = super().__new__(cls, template.format_map({name: _listed(value) for name, value in values.items()}))
        filled.template = template
        filled.values = MappingProxyType(dict(values))
        return filled

    def __str__(self) -> str:
        """The sentence itself: ``str(error)`` of an error that was raised with one keeps what it was made from."""
        return self

    def __reduce__(self) -> tuple[type[Said], tuple[str, dict[str, object]]]:
        """Copies and pickles are made anew from the parts."""
        return Said, (self.template, dict(self.values))


def said(template: str, /, **values: object) -> str:
    """``template`` with its values, as ``str.format`` fills it in; a language of the screens can say it anew."""
    return Said(template, values)


def _listed(value: object) -> object:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else value
