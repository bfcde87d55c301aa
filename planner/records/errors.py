"""What all refusals of the records have in common."""

from __future__ import annotations


class RecordsError(Exception):
    """Something a person has to mend: the text was written for them, one sentence or several, a line each. Nothing was written."""
