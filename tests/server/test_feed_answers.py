"""What comes back from a feed's address, asked of the real process."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

import pytest

from planner.records.feeds.granting import revoke_feed, rotate_feed
from planner.records.people.administration import append_administration, grant_role, read_settings, revoke_role
from planner.records.traces.feed_uses import last_uses
from tests.records.desk import someone
from tests.server.clinic import events_in, path_of
from tests.server.conftest import Running
from tests.server.serving import Answer, planner

TOKEN = "A1b2-_" * 7 + "x"


def bare(answer: Answer) -> tuple[int, dict[str, str], bytes]:
    return answer.status, {name: value for name, value in answer.headers.items() if name != "date"}, answer.body


def test_the_bytes_are_those_of_the_feed(running: Running) -> None:
    issued = running.feed()
    (part,) = running.clinic.parts(issued.feed)
    began = datetime.now(UTC).replace(microsecond=0)
    answer = running.served.get(path_of(issued))
    assert (answer.status, answer.body) == (200, part.body)
    assert part.events > 50
    # Whatever the process sent before it made this file was older.
    assert began <= parsedate_to_datetime(answer.headers["last-modified"]) <= datetime.now(UTC)
    headers = {name: value for name, value in answer.headers.items() if name not in ("date", "last-modified")}
    assert headers == {
        "content-type": "text/calendar; charset=utf-8",
        "content-length": str(len(part.body)),
        "etag": part.etag,
        "cache-control": "private, max-age=60",
        "content-disposition": 'inline; filename="visits.ics"',
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "x-robots-tag": "noindex, nofollow",
    }


def test_windows_and_subjects_have_files_of_their_own(running: Running) -> None:
    windows = running.feed("study", "ulrrc", event="window")
    answer = running.served.get(path_of(windows))
    assert answer.headers["content-disposition"] == 'inline; filename="windows.ics"'
    assert answer.body == running.clinic.parts(windows.feed)[0].body
    subject = running.feed("subject", "PEK-002")
    body = running.served.get(path_of(subject)).body
    assert b"PEK-002" in body and b"PEK-001" not in body


def test_head_says_what_get_would(running: Running) -> None:
    path = path_of(running.feed())
    running.served.get(path)
    time.sleep(1.1)
    got, headed = running.served.get(path), running.served.get(path, method="HEAD")
    assert headed.status == 200 and headed.body == b""
    assert bare(headed)[1] == bare(got)[1]


@pytest.mark.parametrize("asked", ["gzip", "br, gzip, deflate, zstd", "*", "identity;q=0, gzip"])
def test_nothing_is_compressed(running: Running, asked: str) -> None:
    issued = running.feed()
    answer = running.served.get(path_of(issued), {"Accept-Encoding": asked})
    assert answer.body == running.clinic.parts(issued.feed)[0].body
    assert not {"content-encoding", "vary", "transfer-encoding"} & answer.headers.keys()


def test_a_range_is_not_cut_out(running: Running) -> None:
    issued = running.feed()
    answer = running.served.get(path_of(issued), {"Range": "bytes=0-99"})
    assert answer.status == 200 and answer.body == running.clinic.parts(issued.feed)[0].body
    assert "content-range" not in answer.headers


def test_what_a_client_has_already_is_not_sent_again(running: Running) -> None:
    path = path_of(running.feed())
    running.served.get(path)
    # Within the second in which a file was made, nothing is told by dates.
    time.sleep(1.1)
    first = running.served.get(path)
    etag, modified = first.headers["etag"], first.headers["last-modified"]
    later = format_datetime(parsedate_to_datetime(modified) + timedelta(hours=1), usegmt=True)
    earlier = format_datetime(parsedate_to_datetime(modified) - timedelta(seconds=1), usegmt=True)
    unchanged: list[dict[str, str]] = [
        {"If-None-Match": etag},
        {"If-None-Match": f"W/{etag}"},
        {"If-None-Match": f'"other", W/"another" , {etag}'},
        {"If-None-Match": "*"},
        {"If-None-Match": etag, "If-Modified-Since": earlier},
        {"If-Modified-Since": modified},
        {"If-Modified-Since": later},
    ]
    changed: list[dict[str, str]] = [
        {"If-None-Match": '"other"'},
        {"If-None-Match": etag.strip('"')},
        {"If-None-Match": ""},
        {"If-None-Match": '"other"', "If-Modified-Since": later},
        {"If-Modified-Since": earlier},
        {"If-Modified-Since": "yesterday"},
        {"If-Modified-Since": "Sat, 31 Feb 2026 25:00:00 GMT"},
    ]
    for headers in unchanged:
        for method in ("GET", "HEAD"):
            answer = running.served.get(path, headers, method)
            assert (answer.status, answer.body) == (304, b""), headers
            assert (answer.headers["etag"], answer.headers["last-modified"]) == (etag, modified)
            assert "content-type" not in answer.headers
    for headers in changed:
        assert running.served.get(path, headers).body == first.body, headers


def test_whatever_is_no_feed_is_the_same_bare_404(running: Running) -> None:
    token = running.feed().token
    known = path_of(running.feed())
    odd = [
        *(
            f"/feed/{TOKEN}.ics",
            f"/feed/{token[:-1]}.ics",
            f"/feed/{token}x.ics",
            f"/feed/{token}",
            f"/feed/{token}.ICS",
            f"/feed/{token}.ics/",
        ),
        *(f"/feed/../feed/{token}.ics", f"/feed/%2e%2e/feed/{token}.ics", f"/feed/./{token}.ics", f"/feed//{token}.ics"),
        *(f"/feed/{token}%00.ics", f"/feed/{token}%0a.ics", f"/feed/{token}.ics%0a", f"/feed/{token}%2f2.ics%00", "/feed/%ff%fe.ics"),
        *("/feed", "/feed/", "/feed/.ics", "/feed/..%2f..%2fetc/passwd", f"/feed/{'a' * 10_000}.ics", f"/feed/{token.swapcase()}.ics"),
        *(f"/feed/{token}/{part}.ics" for part in ("0", "1", "01", "2", "99", "100", "-1", "x", "")),
    ]
    expected = bare(running.served.get(odd[0]))
    assert expected[0] == 404 and expected[2] == b""
    assert not {"content-type", "etag", "www-authenticate", "allow"} & expected[1].keys()
    for path in odd:
        assert bare(running.served.get(path)) == expected, path
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "REPORT", "get"):
        assert bare(running.served.get(known, method=method)) == expected, method
    assert running.served.get(known).status == 200


def test_a_rotated_and_a_revoked_feed_are_gone_at_once(running: Running) -> None:
    issued = running.feed()
    assert running.served.get(path_of(issued)).status == 200
    with running.clinic.database.writing() as connection:
        rotated = rotate_feed(connection, someone(), issued.feed.code)
    assert running.served.get(path_of(issued)).status == 404
    assert running.served.until(path_of(rotated), 200).body == running.clinic.parts(rotated.feed)[0].body
    with running.clinic.database.writing() as connection:
        revoke_feed(connection, someone(), issued.feed.code)
    missing = running.served.get(f"/feed/{TOKEN}.ics")
    assert bare(running.served.get(path_of(rotated))) == bare(missing)


def test_a_recorded_fact_shows_at_the_next_poll_once(running: Running) -> None:
    issued, other = running.feed("subject", "PEK-001"), running.feed("subject", "PEK-002")
    before, untouched = running.served.get(path_of(issued)), running.served.get(path_of(other))
    recorded = planner(running.url, "record", "PEK-001", "C1D1", "--on", "2026-03-04")
    assert recorded.returncode == 0, recorded.stderr
    after = running.served.get(path_of(issued), {"If-None-Match": before.headers["etag"]})
    assert after.status == 200 and after.body == running.clinic.parts(issued.feed)[0].body
    old, new = events_in(before.body), events_in(after.body)
    moved = {uid for uid in old.keys() & new.keys() if old[uid][1] != new[uid][1]}
    assert len(moved) > 5
    assert all(new[uid][0] > old[uid][0] for uid in moved)
    again = running.served.get(path_of(issued), {"If-None-Match": after.headers["etag"]})
    assert again.status == 304
    assert running.served.get(path_of(other), {"If-None-Match": untouched.headers["etag"]}).status == 304


def test_use_is_written_down_once_an_hour(running: Running) -> None:
    issued, never = running.feed(), running.feed()
    began = datetime.now(UTC)
    assert running.served.get(path_of(issued)).status == 200
    deadline = time.monotonic() + 10
    while issued.feed.code not in (uses := _uses(running)):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert began - timedelta(seconds=1) <= uses[issued.feed.code] <= datetime.now(UTC)
    for _ in range(5):
        assert running.served.get(path_of(issued)).status == 200
    time.sleep(0.3)
    assert _uses(running)[issued.feed.code] == uses[issued.feed.code]
    assert never.feed.code not in _uses(running)


def _uses(running: Running) -> dict[str, datetime]:
    with running.clinic.database.reading() as connection:
        return last_uses(connection)


def test_too_many_requests_for_one_feed_wait(running: Running) -> None:
    busy, calm = running.feed(), running.feed()
    statuses = [running.served.get(path_of(busy), method="HEAD").status for _ in range(130)]
    assert statuses == [200] * 120 + [429] * 10
    refused = running.served.get(path_of(busy))
    assert refused.body == b"" and 1 <= int(refused.headers["retry-after"]) <= 60
    assert running.served.get(path_of(calm)).status == 200


def test_who_guesses_a_lot_keeps_the_same_404_and_shuts_nobody_out(running: Running) -> None:
    issued = running.feed()
    assert running.served.until(path_of(issued), 200)
    answers = [bare(running.served.get(f"/feed/{TOKEN[:-2]}{number:02}.ics")) for number in range(60)]
    assert answers.count(answers[0]) == 60 and answers[0][0] == 404
    assert running.served.get(path_of(issued)).status == 200
    # Nobody looks for a new feed at once on behalf of a guesser, but nobody has to wait long.
    fresh = running.clinic.feed()
    running.served.until(path_of(fresh), 200, seconds=7)


def test_who_may_read_nothing_any_more_gets_the_404(running: Running) -> None:
    running.clinic.desk.grant(("reader1", "reader", "PEK"), ("nurse", "nurse", "PEK"))
    issued = running.feed(person="reader1", by="administrator")
    assert running.served.get(path_of(issued)).status == 200
    with running.clinic.database.writing() as connection:
        administrator = someone(who="administrator")
        append_administration(connection, administrator, [revoke_role(read_settings(connection), "reader1", "reader", "PEK")])
    gone = running.served.get(path_of(issued))
    assert bare(gone) == bare(running.served.get(f"/feed/{TOKEN}.ics"))
    with running.clinic.database.writing() as connection:
        append_administration(connection, administrator, [grant_role(read_settings(connection), "reader1", "reader", "PEK")])
    assert running.served.get(path_of(issued)).status == 200
