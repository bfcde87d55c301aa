"""The commands on the records, put together for ``planner.cli``."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import typer

from planner.commands.once import OnceCommand
from planner.commands.records import (
    amend,
    book,
    caldav_,
    calendar,
    demo,
    deviations,
    digest,
    feed,
    history,
    import_,
    import_ics,
    keeping,
    mending,
    person,
    print_,
    reasons,
    record,
    setting,
    site,
    subject,
    treatment,
    visits,
    worklist,
)

_ALONE: Mapping[str, Callable[..., None]] = {
    "record": record.record,
    "miss": record.miss,
    "omit": record.omit,
    "unscheduled": record.unscheduled,
    "book": book.book,
    "release": book.release,
    "decide": treatment.decide,
    "hold": treatment.hold,
    "resume": treatment.resume,
    "set": setting.set_,
    "stop": treatment.stop,
    "withdraw": treatment.withdraw,
    "transfer": setting.transfer,
    "note": setting.note,
    "correct": mending.correct,
    "undo": mending.undo,
    "worklist": worklist.worklist,
    "visits": visits.visits,
    "deviations": deviations.deviations,
    "classify": deviations.classify,
    "history": history.history,
    "changes": history.changes,
    "amend": amend.amend,
    "print": print_.print_,
    "digest": digest.digest,
    "import-ics": import_ics.import_ics,
    "export": keeping.export,
    "backup": keeping.backup,
    "restore": keeping.restore,
    "reasons": reasons.reasons,
    "demo": demo.demo,
}
_IN_GROUPS: Mapping[str, tuple[str, Mapping[str, Callable[..., None]]]] = {
    "subject": ("Enrol subjects and look at them.", {"enrol": subject.enrol, "show": subject.show_, "list": subject.list_}),
    "site": ("Make sites and look at them.", {"add": site.add, "list": site.list_, "contact": site.contact, "capacity": site.capacity}),
    "caldav": ("Keep a calendar on a CalDAV server equal to a feed.", {"push": caldav_.push, "pull": caldav_.pull}),
    "feed": (
        "Make calendars to subscribe to.",
        {"make": feed.make, "list": feed.list_, "rotate": feed.rotate, "revoke": feed.revoke},
    ),
    "calendar": ("Look at a site's working days, and refresh them.", {"show": calendar.show_, "refresh": calendar.refresh}),
    "import": ("Take in files, all or nothing.", {"subjects": import_.subjects, "dates": import_.dates}),
    "audit": ("Prove the log.", {"verify": keeping.verify, "export": keeping.audit_export}),
    "person": ("Say who may do what.", {"grant": person.grant, "revoke": person.revoke, "list": person.list_}),
}


def add_to(app: typer.Typer) -> None:
    """Add all commands on the records to the command line."""
    for name, (about, functions) in _IN_GROUPS.items():
        part = typer.Typer(help=about, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)
        for word, function in functions.items():
            part.command(word, cls=OnceCommand)(function)
        app.add_typer(part, name=name)
    for name, function in _ALONE.items():
        app.command(name, cls=OnceCommand)(function)
