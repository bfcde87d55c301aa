import hashlib
import hmac

from hypothesis import given
from hypothesis import strategies as st

from planner.exchange.uids import event_uid

KEY = b"k" * 32
PART = st.text(max_size=8)


def test_the_uid_to_the_letter() -> None:
    """Fixed for ever: another way to make it would double every event in every calendar."""
    message = b"5:ULRRC4:00424:C3D15:visit"
    expected = hmac.new(KEY, message, hashlib.sha256).hexdigest()[:32]
    assert event_uid(KEY, "ULRRC", "0042", "C3D1", "visit", "planner.example.org") == f"{expected}@planner.example.org"
    assert expected == "3bd1b1f472c1a92f1b0f579dd6ec0044"


@given(st.tuples(PART, PART, PART), st.tuples(PART, PART, PART))
def test_different_visits_have_different_uids(one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    assert (event_uid(KEY, *one, "visit", "h") == event_uid(KEY, *other, "visit", "h")) == (one == other)


def test_parts_do_not_run_into_each_other() -> None:
    assert event_uid(KEY, "A", "1|2", "V", "visit", "h") != event_uid(KEY, "A|1", "2", "V", "visit", "h")
    assert event_uid(KEY, "A", "12", "V", "visit", "h") != event_uid(KEY, "A", "1", "2V", "visit", "h")


def test_kind_and_key_tell_uids_apart() -> None:
    uid = event_uid(KEY, "A", "1", "V", "visit", "h")
    assert uid != event_uid(KEY, "A", "1", "V", "window", "h")
    assert uid != event_uid(b"l" * 32, "A", "1", "V", "visit", "h")
