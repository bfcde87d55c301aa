"""What a fact says, in a few words, the same in every message, table and history."""

from __future__ import annotations

from collections.abc import Mapping

from planner.protocol.said import said as worded
from planner.records.facts.fact import NewFact
from planner.records.facts.kinds import Kind

_SHORT_HASH = 8
_HELD: Mapping[str, str] = {
    "shift": "{stream} held from {day} (shift)",
    "skip": "{stream} held from {day} (skip)",
}
_HELD_UNTIL: Mapping[str, str] = {
    "shift": "{stream} held from {day} until {until} (shift)",
    "skip": "{stream} held from {day} until {until} (skip)",
}
_LEFT: Mapping[str, str] = {
    "withdrawn": "left the study on {day}: withdrawn",
    "died": "left the study on {day}: died",
    "lost": "left the study on {day}: lost",
    "screen_failure": "left the study on {day}: screen failure",
}
_CLASSED: Mapping[str, str] = {
    "important": "deviation {item} classed important",
    "not_important": "deviation {item} classed not important",
}


def in_words(said: NewFact) -> str:
    """``C3D1 done on 2026-04-17``; free text is left out."""
    return _corrected(_words(said), said)


def in_words_without_item(said: NewFact) -> str:
    """The same behind a sentence that names the item: ``done on 2026-04-17``."""
    day, value = said.day, said.value
    match said.kind:
        case Kind.MILESTONE_SET:
            words = worded("on {day}", day=day)
        case Kind.VISIT_DONE:
            words = worded("done on {day} as routine care" if value else "done on {day}", day=day)
        case Kind.VISIT_MISSED:
            words = worded("missed")
        case Kind.DECISION_MADE:
            words = worded("{value} on {day}", value=value, day=day) if day else value
        case _:
            words = _words(said)
    return _corrected(words, said)


def _corrected(words: str, said: NewFact) -> str:
    if said.replaces is None or said.kind == Kind.UNDONE:
        return words
    return worded("{words} (instead of fact {number})", words=words, number=said.replaces)


def _words(said: NewFact) -> str:
    match said.kind:
        case Kind.HOLD_STARTED | Kind.HOLD_ENDED | Kind.TREATMENT_STOPPED | Kind.UNSCHEDULED_VISIT:
            return _of_treatment(said)
        case Kind.ENROLLED | Kind.START_MOVED | Kind.LEFT_STUDY | Kind.SITE_TRANSFERRED | Kind.PROTOCOL_AMENDED | Kind.CALENDAR_REFRESHED:
            return _of_participation(said)
        case Kind.UNDONE:
            return worded("fact {number} taken back", number=said.replaces)
        case Kind.NOTE:
            return worded("note")
        case _:
            return _of_a_visit(said)


def _of_a_visit(said: NewFact) -> str:
    item, day, value = said.item, said.day, said.value
    match said.kind:
        case Kind.PARAMETER_SET:
            return worded("{item} set to {value}", item=item, value=value)
        case Kind.MILESTONE_SET:
            return worded("{item} on {day}", item=item, day=day)
        case Kind.VISIT_DONE:
            return worded("{item} done on {day} as routine care" if value else "{item} done on {day}", item=item, day=day)
        case Kind.VISIT_MISSED:
            return worded("{item} missed", item=item)
        case Kind.ACTIVITY_OMITTED:
            return worded("{activity} not done at {item}", activity=value, item=item)
        case Kind.BOOKED:
            return worded("{item} booked on {day} at {time}" if value else "{item} booked on {day}", item=item, day=day, time=value)
        case Kind.RELEASED:
            return worded("booking of {item} released", item=item)
        case Kind.DECISION_MADE:
            return worded("{item} decided: {value} on {day}" if day else "{item} decided: {value}", item=item, value=value, day=day)
        case Kind.DEVIATION_CLASSED:
            return worded(_CLASSED.get(value, "deviation {item} classed {value}"), item=item, value=value.replace("_", " "))
        case _:
            return _of_administration(said)


def _of_treatment(said: NewFact) -> str:
    day, until = said.day, said.until_day
    stream = said.item or worded("all drugs")
    match said.kind:
        case Kind.HOLD_STARTED if until:
            text = _HELD_UNTIL.get(said.value, "{stream} held from {day} until {until} ({value})")
            return worded(text, stream=stream, day=day, until=until, value=said.value)
        case Kind.HOLD_STARTED:
            return worded(_HELD.get(said.value, "{stream} held from {day} ({value})"), stream=stream, day=day, value=said.value)
        case Kind.HOLD_ENDED:
            return worded("hold of fact {number} ends, treatment from {day}", number=said.refers, day=day)
        case Kind.TREATMENT_STOPPED:
            return worded("{stream} stopped on {day}", stream=stream, day=day)
        case _:
            return worded(
                "unscheduled visit on {day} with {stream} given" if said.item else "unscheduled visit on {day}", day=day, stream=stream
            )


def _of_participation(said: NewFact) -> str:
    item, day, value = said.item, said.day, said.value
    match said.kind:
        case Kind.ENROLLED if "rescreen_of" in said.details:
            text = "enrolled at {site}, start {day}, screened again after {earlier}"
            return worded(text, site=item, day=day, earlier=said.details["rescreen_of"])
        case Kind.ENROLLED:
            return worded("enrolled at {site}, start {day}", site=item, day=day)
        case Kind.START_MOVED:
            return worded("start moved to {day}", day=day)
        case Kind.LEFT_STUDY:
            return worded(_LEFT.get(value, "left the study on {day}: {value}"), day=day, value=value.replace("_", " "))
        case Kind.SITE_TRANSFERRED:
            return worded("transferred to {site} on {day}", site=item, day=day)
        case Kind.PROTOCOL_AMENDED:
            return worded("protocol amended to {short_hash}", short_hash=value[:_SHORT_HASH])
        case _:
            return worded("calendar of {site} refreshed to {short_hash}", site=item, short_hash=value[:_SHORT_HASH])


def _of_administration(said: NewFact) -> str:
    item, value, details = said.item, said.value, said.details
    match said.kind:
        case Kind.SITE_SET:
            return worded("site {site} set", site=item)
        case Kind.SITE_CALENDAR_SET:
            return worded("calendar of site {site} set to {short_hash}", site=item, short_hash=value[:_SHORT_HASH])
        case Kind.SITE_CONTACT_SET:
            return worded("contact of site {site} set" if value else "contact of site {site} taken away", site=item)
        case Kind.SITE_CAPACITY_SET if details.get("places"):
            return worded("{resource} at {site} takes {places} a day", resource=value, site=item, places=details["places"])
        case Kind.SITE_CAPACITY_SET:
            return worded("capacity of {resource} at {site} taken away", resource=value, site=item)
        case Kind.FEED_MADE:
            words = {name: details.get(name) for name in ("person", "purpose", "kind", "of")}
            return worded("feed {feed} made for {person} ({purpose}): {kind} {of}", feed=item, **words)
        case Kind.FEED_ROTATED:
            return worded("feed {feed} given a new address", feed=item)
        case Kind.FEED_REVOKED:
            return worded("feed {feed} revoked", feed=item)
        case Kind.PERSON_GRANTED:
            return worded("{person} granted {role} at {site}", person=item, role=value, site=details.get("site", "*"))
        case _:
            return worded("{role} at {site} revoked from {person}", role=value, site=details.get("site", "*"), person=item)
