import pytest

from planner.exchange.ics_settings import texts_to_bring, texts_to_prepare
from planner.protocol.model import Activity, Protocol, Translation
from tests.exchange.calendar_reading import calendar_settings

PROTOCOL = Protocol(
    id="p",
    version="1",
    title="P",
    registry=None,
    parameters={},
    milestones={},
    decisions={},
    activities={
        "CHEMO": Activity("CHEMO", "Chemotherapy", prepare="Blood test within 3 days before.", bring="Medication list"),
        "SCAN": Activity("SCAN", "CT", prepare="Nothing to eat for 4 hours."),
        "EXAM": Activity("EXAM", "Examination"),
    },
    visits=(),
    checks=(),
    languages={"zh-CN": Translation(activities={"CHEMO": {"label": "化疗", "bring": "药物清单"}})},
)


def test_texts_of_activities() -> None:
    assert texts_to_bring(PROTOCOL, "en") == {"CHEMO": "Medication list"}
    assert texts_to_prepare(PROTOCOL, "en") == {"CHEMO": "Blood test within 3 days before.", "SCAN": "Nothing to eat for 4 hours."}


def test_texts_of_activities_in_another_language_where_there_are_any() -> None:
    assert texts_to_bring(PROTOCOL, "zh-CN") == {"CHEMO": "药物清单"}
    assert texts_to_prepare(PROTOCOL, "zh-CN") == texts_to_prepare(PROTOCOL, "en")


@pytest.mark.parametrize("host", ["", "two words", "a\r\nb", "a@b", "-a", "a."])
def test_a_host_that_cannot_stand_in_a_uid_is_refused(host: str) -> None:
    with pytest.raises(ValueError, match="cannot stand in a calendar's UIDs; a host name is needed"):
        calendar_settings(host=host)


def test_an_empty_key_is_refused() -> None:
    with pytest.raises(ValueError, match="The install key is empty"):
        calendar_settings(install_key=b"")
