"""Files of ours after something went over them: nothing makes the reader fail, and nothing but another time makes a proposal."""

import re
from datetime import date, time

from hypothesis import given, settings
from hypothesis import strategies as st

from planner.exchange.outside.content_lines import CalendarFileError
from tests.exchange.outside.known_visits import file_of, found_in, revision

VISITS = [
    revision("C1D1", date(2026, 3, 27), time(9, 30), "Europe/Berlin"),
    revision("C2D1", date(2026, 3, 29), time(3, 30), "Europe/Berlin", None),
    revision("C3D1", date(2026, 10, 25), time(2, 30), "Europe/Berlin"),
    revision("C4D1", date(2026, 11, 3), None, "Europe/Berlin"),
]
FILE = file_of(VISITS)
TIMES = {
    re.findall(rb"UID:(\S+)", event)[0].decode(): set(re.findall(rb"^DT(?:START|END)[^\r]*", event, re.MULTILINE))
    for event in re.findall(rb"BEGIN:VEVENT.*?END:VEVENT", FILE, re.DOTALL)
}
MORE = settings(max_examples=3 * settings.default.max_examples)

places = st.integers(0, len(FILE))
pieces = st.sampled_from(
    [
        b"BEGIN:VEVENT\r\n",
        b"END:VEVENT\r\n",
        b"BEGIN:VCALENDAR\r\n",
        b"\r\n ",
        b";TZID=X:",
        b"DTSTART:20260401T093000Z\r\n",
        b"RRULE:FREQ=SECONDLY\r\n",
    ]
)
mutations = st.lists(st.tuples(places, st.integers(0, 60), st.binary(max_size=12) | pieces), min_size=1, max_size=6)


def test_the_file_as_it_is() -> None:
    assert {one.kind for one in found_in(FILE, VISITS).all} == {"same"}
    assert len(TIMES) == 4


@MORE
@given(mutations)
def test_octets_put_in_taken_out_and_changed(changes: list[tuple[int, int, bytes]]) -> None:
    content = FILE
    for place, length, octets in changes:
        content = content[:place] + octets + content[place + length :]
    try:
        found = found_in(content, VISITS)
    except CalendarFileError as error:
        assert 1 <= error.line <= content.count(b"\n") + content.count(b"\r") + 1
        return
    written = re.split(rb"\r\n|\n|\r", content)
    for one in found.of("moved"):
        rest = written[one.line - 1 :]
        end = next((index for index, line in enumerate(rest) if line.upper().startswith(b"END:VEVENT")), len(rest))
        assert not TIMES[one.uid] <= set(rest[:end]), "moved, though its times are as they were"


@given(st.binary(max_size=300))
def test_any_octets_after_the_first_line(octets: bytes) -> None:
    try:
        found_in(b"BEGIN:VCALENDAR\r\n" + octets, VISITS)
    except CalendarFileError as error:
        assert str(error)


@st.composite
def rewritten(draw: st.DrawFn) -> bytes:
    """The file as another program may write it: properties in another order, some dropped, others added, other folds and line ends."""
    end = draw(st.sampled_from([b"\r\n", b"\n", b"\r"]))
    more = [b"X-FOO;BAR=1:2", b"CLASS:PRIVATE", b"PRIORITY:5", "LOCATION:访视室".encode(), b"ATTENDEE:mailto:x@example.org"]
    extra = draw(st.lists(st.sampled_from(more), max_size=3))
    alarm = [b"BEGIN:VALARM", b"DTSTART:20300101T000000Z", b"DURATION:PT5M", b"END:VALARM"] if draw(st.booleans()) else []
    lines_of_file = list[bytes]()
    for event in re.split(rb"(BEGIN:VEVENT\r\n.*?END:VEVENT\r\n)", FILE.replace(b"\r\n ", b""), flags=re.DOTALL):
        lines = event.splitlines()
        if event.startswith(b"BEGIN:VEVENT"):
            body = [line for line in lines[1:-1] if re.match(rb"UID|DTSTART|DTEND", line) or draw(st.booleans())]
            lines = [lines[0], *draw(st.permutations(body + extra)), *alarm, lines[-1]]
        lines_of_file += lines
    return b"".join(_folded(line, draw(st.integers(1, 90)), end) + end for line in lines_of_file)


def _folded(line: bytes, width: int, end: bytes) -> bytes:
    return (end + b" ").join(line[start : start + width] for start in range(0, len(line), width)) or line


@MORE
@given(rewritten())
def test_another_program_s_way_of_writing_moves_nothing(content: bytes) -> None:
    assert {one.kind for one in found_in(content, VISITS).all} == {"same"}
