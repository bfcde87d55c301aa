"""``reasons``: the codes that say why, for every act."""

from __future__ import annotations

from planner.commands.failures import command
from planner.commands.records import options
from planner.commands.records.listing import Listing, show


@command
def reasons(format_: options.Format = None) -> None:
    """List the reasons that `--reason` takes."""
    from planner.records.facts.reasons import REASONS

    show(Listing(("reason", "label"), list(REASONS.items())), format_)
