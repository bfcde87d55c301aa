"""What is kept of what stands in a calendar, on both databases."""

from planner.records.store.database import Database
from planner.records.traces.pushed import (
    PushedObject,
    PushTarget,
    clear_pushed,
    feeds_at,
    forget_pushed,
    hand_over,
    note_pushed,
    pushed_objects,
)

ADDRESS = "https://cal.example.org/visits/"
FIRST, SECOND = PushTarget(ADDRESS, "F1"), PushTarget(ADDRESS, "F2")


def one(uid: str, etag: str = '"1"', body: str = "text\r\n密") -> PushedObject:
    return PushedObject(uid, f"/visits/{uid}.ics", etag, body)


def test_notes_are_kept_for_each_calendar_and_feed(database: Database) -> None:
    with database.writing() as connection:
        note_pushed(connection, FIRST, [one("a"), one("b")])
        note_pushed(connection, SECOND, [one("a", '"9"')])
        note_pushed(connection, PushTarget(ADDRESS + "more/", "F3"), [one("c")])
        note_pushed(connection, FIRST, [one("a", '"2"', "new")])
    with database.reading() as connection:
        assert pushed_objects(connection, FIRST) == {"a": one("a", '"2"', "new"), "b": one("b")}
        assert pushed_objects(connection, SECOND) == {"a": one("a", '"9"')}
        assert feeds_at(connection, ADDRESS) == {"F1", "F2"}
    with database.writing() as connection:
        forget_pushed(connection, FIRST, ["a", "never there"])
    with database.reading() as connection:
        assert pushed_objects(connection, FIRST) == {"b": one("b")}


def test_notes_are_handed_over_and_the_newer_ones_count(database: Database) -> None:
    with database.writing() as connection:
        note_pushed(connection, FIRST, [one("a"), one("b")])
        note_pushed(connection, SECOND, [one("b", '"9"')])
        note_pushed(connection, FIRST.on_the_way, [one("c")])
        hand_over(connection, FIRST, SECOND)
    with database.reading() as connection:
        assert pushed_objects(connection, SECOND) == {"a": one("a"), "b": one("b", '"9"')}
        assert feeds_at(connection, ADDRESS) == {"F2"}


def test_what_is_on_the_way_is_kept_apart(database: Database) -> None:
    with database.writing() as connection:
        note_pushed(connection, FIRST.on_the_way, [one("a")])
    with database.reading() as connection:
        assert pushed_objects(connection, FIRST) == {}
        assert pushed_objects(connection, FIRST.on_the_way) == {"a": one("a")}
        assert feeds_at(connection, ADDRESS) == {"F1"}
    with database.writing() as connection:
        clear_pushed(connection, FIRST.on_the_way)
    with database.reading() as connection:
        assert feeds_at(connection, ADDRESS) == set()
