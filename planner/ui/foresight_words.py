"""What is foreseen of a day, in words: for the buttons of the days, and in full for the day that is chosen."""

from __future__ import annotations

from datetime import date

from planner.schedule.day_words import named_day
from planner.schedule.held_days import HeldDay
from planner.schedule.rows import VisitRow
from planner.ui.foresight import ForeseenDay, Foresight, Room
from planner.ui.language import in_language, t, tn
from planner.ui.words import day_and_month, listed, long_date, short_date


def sign_of(day: ForeseenDay) -> str:
    """A shape for how a day does, so that colour is never alone."""
    if day.is_well:
        return "✓"
    return "✗" if day.breaks_a_rule else "!"


def short_notes(day: ForeseenDay) -> tuple[str, ...]:
    """The few words on the button of a day."""
    what = day.what
    notes = [t("on hold")] if what.held else []
    if not what.is_open:
        also = what.closed_with
        notes.append(t("{day} is closed", day=day_and_month(also.day)) if also else in_language(named_day(day.note)) or t("closed"))
    if not what.in_window:
        notes.append(t("outside window"))
    if not what.keeps_bounds:
        notes.append(t("before minimum gap"))
    if day.broken:
        notes.append(tn("breaks {number} check", "breaks {number} checks", len(day.broken)))
    if what.dropped:
        notes.append(tn("{number} visit dropped", "{number} visits dropped", len(what.dropped)))
    if what.added:
        notes.append(tn("{number} visit added", "{number} visits added", len(what.added)))
    if what.later_out_of_window:
        notes.append(tn("{number} leaves its window", "{number} leave their window", what.later_out_of_window))
    if what.moved:
        notes.append(tn("{number} other moves", "{number} others move", what.moved))
    if day.room is not None:
        notes.append(_short_room(day.room))
    if day.is_past:
        notes.append(t("past day"))
    return tuple(notes)


def long_notes(day: ForeseenDay) -> tuple[str, ...]:
    """Everything that is foreseen of a day, what is well too."""
    what = day.what
    notes = [_held(what.held)] if what.held else []
    notes.append(_open(day))
    notes.append(t("in its window") if what.in_window else t("outside its window"))
    if not what.keeps_bounds:
        notes.append(t("before the earliest day that a minimum gap allows"))
    notes.append(t("breaks: {checks}", checks=listed(day.broken)) if day.broken else t("breaks no interval that the protocol file checks"))
    if since := _since(day):
        notes.append(since)
    notes.extend(_come_and_gone(day))
    notes.append(tn("{number} other visit moves", "{number} other visits move", what.moved) if what.moved else t("no other visit moves"))
    if what.later_out_of_window:
        left = what.later_out_of_window
        notes.append(tn("{number} other visit leaves its window", "{number} other visits leave their window", left))
    else:
        notes.append(t("no other visit leaves its window"))
    if day.room is not None:
        notes.append(_long_room(day.room))
    if day.is_past:
        notes.append(t("in the past"))
    return tuple(notes)


def in_full(day: ForeseenDay) -> str:
    """``Friday 17 April 2026: open, in its window, 21 days after C3D1, ...``."""
    return t("{day}: {what}", day=long_date(day.day), what=listed(long_notes(day)))


def best_words(foreseen: Foresight) -> str:
    """``Best: Fri 17 Apr 2026 (its planned day)``; why there is none where a hold covers the days; "" where all are past."""
    best = foreseen.best
    if best is None:
        return t("No day can be advised: {why}.", why=_held(foreseen.hold)) if foreseen.hold else ""
    return t("Best: {day} ({why})", day=short_date(best.day), why=_why_best(best, foreseen.row))


def standing_of_day(day: date, row: VisitRow) -> str:
    """What the day is for the visit now: its booked or planned day; "" for any other."""
    if row.certainty == "booked" and day == row.effective:
        return t("booked now")
    return t("planned day") if day == row.planned else ""


def _why_best(best: ForeseenDay, row: VisitRow) -> str:
    if not best.is_well:
        return listed(_faults(best))
    why = t("its planned day") if best.day == row.planned else t("open, in its window, breaks no interval that the protocol file checks")
    return listed(part for part in (why, _since(best)) if part)


def _faults(day: ForeseenDay) -> tuple[str, ...]:
    what = day.what
    faults = [
        "" if what.is_open else _open(day),
        "" if what.in_window else t("outside its window"),
        "" if what.keeps_bounds else t("before the earliest day that a minimum gap allows"),
        t("breaks: {checks}", checks=listed(day.broken)) if day.broken else "",
        *_come_and_gone(day),
    ]
    if left := what.later_out_of_window:
        faults.append(tn("{number} other visit leaves its window", "{number} other visits leave their window", left))
    if day.room is not None and day.room.is_full:
        faults.append(_long_room(day.room))
    return tuple(fault for fault in faults if fault)


def _since(day: ForeseenDay) -> str:
    """How long after the visit before with the same dose; "" where there is none."""
    before = day.what.before
    if before is None:
        return ""
    name = before.visit or t("an unscheduled dose")
    if before.days == 0:
        return t("on the same day as {visit}", visit=name)
    return tn("{number} day after {visit}", "{number} days after {visit}", before.days, visit=name)


def _come_and_gone(day: ForeseenDay) -> tuple[str, ...]:
    """The visits that would no longer take place, and those that would come into being."""
    dropped, added = listed(day.what.dropped), listed(day.what.added)
    notes = (
        tn("{visits} no longer takes place", "{visits} no longer take place", len(day.what.dropped), visits=dropped) if dropped else "",
        tn("{visits} is added", "{visits} are added", len(day.what.added), visits=added) if added else "",
    )
    return tuple(note for note in notes if note)


def _held(hold: HeldDay) -> str:
    first = short_date(hold.first_day)
    if hold.resume is None:
        return t("treatment is held since {first}, no day of resuming is known", first=first)
    return t("treatment is held from {first} until {resume}", first=first, resume=short_date(hold.resume))


def _open(day: ForeseenDay) -> str:
    if day.what.is_open:
        return t("open ({name})", name=in_language(named_day(day.note))) if day.note else t("open day")
    if also := day.what.closed_with:
        text = t("not possible: a day that must be open with it, {day}, is closed", day=short_date(also.day))
        return t("{text} ({name})", text=text, name=in_language(also.note)) if also.note else text
    return t("closed: {name}", name=in_language(named_day(day.note))) if day.note else t("closed")


def _short_room(room: Room) -> str:
    if room.is_full:
        return t("full ({number})", number=room.others)
    if room.places:
        return t("room {left} of {places}", left=room.left, places=room.places)
    return tn("{number} other comes", "{number} others come", room.others) if room.others else t("nobody else comes")


def _long_room(room: Room) -> str:
    if room.is_full:
        return t("no place left: {number} come, room for {places}", number=room.others, places=room.places)
    if room.places:
        return t("room for {left} of {places}", left=room.left, places=room.places)
    if not room.others:
        return t("nobody else comes; how many it takes is not known")
    return tn(
        "{number} other subject comes; how many it takes is not known",
        "{number} other subjects come; how many it takes is not known",
        room.others,
    )
