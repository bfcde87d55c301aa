"""Tags, links, formulas and colours typed into every field: what is shown of them, in errors and notices and lists, is text."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest
from streamlit.testing.v1 import AppTest

from planner.records.changes.acts import noted, visit_missed
from planner.ui.enrolment.judged import NOTE, RESCREENED
from tests.protocol.small_protocols import SMALL
from tests.ui.dialogs.dialog_screens import key, write
from tests.ui.rights.elsewhere import ACTS, _import, settings
from tests.ui.rights.people import facts_of
from tests.ui.rights.plain_text import HURTFUL, TAGS, found_marks, html_shown, is_shown_as_text
from tests.ui.rights.test_saving_refused import TRIED, Tried, dialog
from tests.ui.rights.walking import arrived_as, follow
from tests.ui.test_new_subject_page import LINK, NUMBER
from tests.ui.test_protocols_page import LONGER_CYCLES

Typing = Callable[[AppTest, str], object]


@dataclass(frozen=True)
class Field:
    """A field, how something is typed into it, what is pressed then, and where it is shown afterwards."""

    into: str
    page: str = "help"
    entries: Mapping[str, str] = field(default_factory=dict)
    first: Callable[[AppTest], object] = lambda at: None
    then: tuple[str, ...] = ()
    of_dialog: str = ""
    kind: str = "text_input"
    shown: tuple[tuple[str, Mapping[str, str]], ...] = ()
    """Where it must be found as text afterwards, since it was recorded."""


def on_history(subject: str) -> tuple[tuple[str, Mapping[str, str]], ...]:
    return ("subject", {"subject": subject, "view": "history"}), ("audit", {"subject": subject})


def own_pattern(at: AppTest) -> object:
    return at.checkbox(key="settings.0.new.own-pattern").check().run()


def other_country(at: AppTest) -> object:
    return at.selectbox(key="settings.0.new.calendar").set_value("other").run()


def of_subject(at: AppTest) -> object:
    return at.selectbox(key="settings.0.feed.kind").set_value("subject").run()


def amending(at: AppTest) -> object:
    ACTS["amend"].fill(at)
    return None


NEW_SITE, FEED = ("settings.0.new.save",), ("settings.feed.make",)
FIELDS = {
    "note": Field(key("text"), of_dialog="note", kind="text_area", then=(key("change.save"),), shown=on_history(TRIED["note"].subject)),
    "note of an act": Field(
        key("change.note"), of_dialog="missed", kind="text_area", then=(key("change.save"),), shown=on_history(TRIED["missed"].subject)
    ),
    "note of an unscheduled visit": Field(
        key("change.note"), of_dialog="unscheduled", kind="text_area", then=(key("change.save"),), shown=on_history("ulrrc/BEI-036")
    ),
    "note of a class": Field(
        key("change.note"), of_dialog="classify", kind="text_area", then=(key("change.save"),), shown=on_history("ulrrc/BEI-004")
    ),
    "place of a booking": Field(key("place"), of_dialog="book", then=(key("change.save"),)),
    "time of a booking": Field(key("at"), of_dialog="book"),
    "resource of a booking": Field(key("resource"), of_dialog="book", kind="new option", then=(key("change.save"),)),
    "number of a subject": Field(NUMBER, "new-subject", LINK),
    "number screened before": Field(f"ulrrc/{RESCREENED}", "new-subject", LINK, ACTS["enrol"].fill),
    "note of an enrolment": Field(
        f"ulrrc/{NOTE}", "new-subject", LINK, ACTS["enrol"].fill, ("enrol.save",), shown=on_history("ulrrc/BEI-901")
    ),
    "purpose of a feed": Field("settings.0.feed.purpose", "settings", settings("feeds"), then=FEED),
    "account of a feed": Field("settings.0.feed.person", "settings", settings("feeds"), then=FEED),
    "subject of a feed": Field("settings.0.feed.subject", "settings", settings("feeds"), of_subject, FEED),
    "code of a site": Field("settings.0.new.code", "settings", settings("sites"), then=NEW_SITE),
    "beginning of numbers": Field("settings.0.new.beginning.SHA", "settings", settings("sites"), ACTS["add a site"].fill, NEW_SITE),
    "pattern of a new site": Field("settings.0.new.pattern", "settings", settings("sites"), own_pattern, NEW_SITE),
    "country of a site": Field("settings.0.new.country", "settings", settings("sites"), other_country, NEW_SITE),
    "contact of a new site": Field(
        "settings.0.new.contact", "settings", settings("sites"), ACTS["add a site"].fill, NEW_SITE, shown=(("settings", settings("sites")),)
    ),
    "contact of a site": Field(
        "settings.0.BEI.contact", "settings", settings("sites"), then=("settings.change",), shown=(("settings", settings("sites")),)
    ),
    "pattern of a site": Field("settings.0.BEI.pattern", "settings", settings("sites"), then=("settings.change",)),
    "account of a grant": Field("settings.0.grant.person", "settings", settings("people"), then=("settings.grant.save",)),
    "head that was kept": Field("audit.kept-head", "audit", {"view": "proof"}, then=("audit.verify",)),
    "subject in the audit": Field("audit.filter.subject", "audit"),
    "account in the audit": Field("audit.filter.who", "audit"),
    "number in the list": Field("subjects.number", "subjects"),
    "study of an import": Field("import.study", "subjects", first=_import, then=("import.write",)),
    "sheet of an import": Field("import.sheet", "subjects", first=_import),
    "numbers of an amendment": Field("protocols.amend.numbers", "protocols", ACTS["amend"].entries, amending),
    "note of an amendment": Field(
        "protocols.amend.note",
        "protocols",
        ACTS["amend"].entries,
        amending,
        ("protocols.amend.work-out", "protocols.amend.save"),
        kind="text_area",
        shown=on_history("ulrrc/BEI-030"),
    ),
    "text of a protocol": Field("protocols.editor", "protocols", ACTS["amend"].entries, kind="text_area"),
}


def typed(at: AppTest, into: Field) -> None:
    if into.kind == "text_area":
        at.text_area(key=into.into).set_value(HURTFUL).run()
    else:
        at.text_input(key=into.into).set_value(HURTFUL).run()


def unhurt(at: AppTest, where: object = "") -> None:
    assert not at.exception, at.exception
    assert "Something went wrong" not in "".join(error.value for error in at.error), where
    assert found_marks(at) == [], where


LIKE_OTHERS = ("note of an unscheduled visit", "note of a class", "subject of a feed", "contact of a new site", "pattern of a site")
"""Drawn and shown by the same components as other fields: in the long run."""


@pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.long) if name in LIKE_OTHERS else name for name in FIELDS])
def test_what_is_typed_stays_text(name: str, demo_screens: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANNER_PUBLIC_URL", "https://planner.example.org")
    into = FIELDS[name]
    at = follow(arrived_as("nurse1", monkeypatch), into.page, into.entries)
    if into.kind == "new option":
        # A name of one's own, as a list that takes new names hands it on; the harness chooses only among those that are there.
        at.session_state[into.into] = HURTFUL
    if into.of_dialog:
        TRIED[into.of_dialog].fill(dialog(at, TRIED[into.of_dialog], demo_screens))
    into.first(at)
    if into.kind != "new option":
        typed(at, into)
    unhurt(at, "typed")
    for button in into.then:
        found = [each for each in at.button if each.key == button and not each.disabled]
        if found:
            found[0].click().run()
            unhurt(at, button)
    for page, entries in into.shown:
        follow(at, page, entries)
        assert is_shown_as_text(at), (page, html_shown(at)[:2000])
        unhurt(at, page)


def test_a_place_that_is_corrected(demo_screens: str, monkeypatch: pytest.MonkeyPatch) -> None:
    subject = "ulrrc/BEI-004"
    booking = next(fact for fact in reversed(facts_of(demo_screens, subject)) if fact.kind == "booked")
    at = follow(arrived_as("nurse1", monkeypatch), "help")
    dialog(at, Tried(TRIED["book"].action, "fact", subject, entry=str(booking.number)), demo_screens)
    at.text_input(key=key("right.place")).set_value(HURTFUL).run()
    at.selectbox(key=key("change.reason")).set_value("transcription_error").run()
    unhurt(at)
    at.button(key=key("change.save")).click().run()
    unhurt(at)
    assert facts_of(demo_screens, subject)[-1].said.details["place"] == HURTFUL
    for page, entries in (*on_history(subject), ("calendar", {"view": "week"}), ("today", {})):
        unhurt(follow(at, page, entries), page)


FILES = {
    "rows of an import": ("subjects", {}, 'subject,visit,date\nulrrc/BEI-018,"{0}",2026-11-19\n"{0}",M10,"{0}"\n', "dates.csv"),
    "columns of an import": ("subjects", {}, 'subject,visit,date,"{0}"\nulrrc/BEI-018,M10,2026-11-19,"{0}"\n', "dates.csv"),
    "name of an import": ("subjects", {}, "subject,visit,date\nulrrc/BEI-018,M10,never\n", "{0}.csv"),
    "name of a protocol": ("protocols", {"view": "file"}, LONGER_CYCLES, "{0}.yaml"),
    "title of a protocol": ("protocols", {"view": "file"}, SMALL + "\n'{0}': x\n", "own.yaml"),
    "name of a calendar": ("settings", settings("calendars"), "name: '{0}'\n'{0}': 1\n", "{0}.yaml"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_with_markup_in_it_or_in_its_name(name: str, demo_screens: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page, entries, content, file = FILES[name]
    at = follow(arrived_as("nurse1", monkeypatch), page, entries)
    if page == "subjects":
        at.radio(key="import.holds").set_value("dates").run()
    if page == "settings":
        at.radio(key="settings.0.BEI.days.source").set_value("file").run()
    text = content.replace("{0}", HURTFUL.replace("'", ""))
    at.get("file_uploader")[0].set_value([(file.replace("{0}", HURTFUL), text.encode(), "text/plain")]).run()
    unhurt(at, name)
    for view in ("compare", "matrix", "rules", "sources", "amend") if page == "protocols" else ():
        at.session_state["protocols.view"] = view
        at.run()
        unhurt(at, view)


def test_what_was_recorded_stays_text_on_every_page(demo_screens: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write(demo_screens, "ulrrc/BEI-036", *noted(HURTFUL))
    write(demo_screens, "ulrrc/BEI-018", *visit_missed("M10", reason="other", note=HURTFUL))
    at = arrived_as("nurse1", monkeypatch)
    for page, entries in (
        ("today", {}),
        ("subjects", {}),
        ("deviations", {}),
        ("calendar", {"view": "day"}),
        ("subject", {"subject": "ulrrc/BEI-018", "visit": "M10"}),
        ("audit", {}),
        ("settings", settings("people")),
    ):
        unhurt(follow(at, page, entries), page)
    assert is_shown_as_text(follow(at, "audit"))
    assert not [tag for tag in TAGS if tag in html_shown(at)]
