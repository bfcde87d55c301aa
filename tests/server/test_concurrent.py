"""Many clients at once while facts are written: every answer is a whole file of a state that the log had."""

from __future__ import annotations

import hashlib
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

from planner.records.changes import acts
from planner.records.facts.fact import SubjectKey
from tests.server.clinic import Clinic, events_in, path_of
from tests.server.serving import serving

CLIENTS = 50
FACTS = 12


def test_every_answer_is_a_state_the_log_had(clinic: Clinic, written: Path) -> None:
    feeds = [
        clinic.feed(),
        clinic.feed("subject", "PEK-001"),
        clinic.feed("study", "ulrrc", event="window"),
        clinic.feed("resource", "PEK/linac"),
    ]
    known: dict[str, set[str]] = {issued.feed.code: set() for issued in feeds}
    bodies: dict[str, bytes] = {}

    def remember() -> None:
        for issued in feeds:
            (part,) = clinic.parts(issued.feed)
            known[issued.feed.code].add(hashlib.sha256(part.body).hexdigest())

    stop = threading.Event()
    with serving(str(clinic.database.url), written, [sys.executable, "-m", "tests.server.unlimited"]) as served:

        def poll(number: int) -> list[tuple[str, str, str]]:
            issued = feeds[number % len(feeds)]
            seen: list[tuple[str, str, str]] = []
            etag = ""
            while not stop.is_set():
                answer = served.get(path_of(issued), {"If-None-Match": etag} if etag and number % 3 else {}, seconds=60)
                if answer.status == 304:
                    assert answer.headers["etag"] == etag
                    continue
                assert answer.status == 200
                assert answer.headers["content-length"] == str(len(answer.body))
                etag = answer.headers["etag"]
                digest = hashlib.sha256(answer.body).hexdigest()
                bodies[digest] = answer.body
                seen.append((issued.feed.code, digest, etag))
            return seen

        remember()
        with ThreadPoolExecutor(CLIENTS) as pool:
            running = [pool.submit(poll, number) for number in range(CLIENTS)]
            try:
                for number in range(FACTS):
                    day = date(2026, 3, 2) + timedelta(days=number // 2)
                    subject = SubjectKey("ulrrc", f"PEK-00{number % 2 + 1}")
                    clinic.desk.record(acts.visit_booked("C2D1", day + timedelta(days=21)), subject)
                    remember()
            finally:
                stop.set()
            seen = [one for done in running for one in done.result(timeout=60)]
        last = {issued.feed.code: served.get(path_of(issued)).body for issued in feeds}
    assert {digest for code, digest, _ in seen} <= set.union(*known.values())
    assert all(digest in known[code] for code, digest, _ in seen)
    assert len({digest for _, digest, _ in seen}) > FACTS
    # One file, one tag.
    assert len({(digest, etag) for _, digest, etag in seen}) == len({digest for _, digest, _ in seen}) == len({etag for *_, etag in seen})
    for issued in feeds:
        assert last[issued.feed.code] == clinic.parts(issued.feed)[0].body
    for body in bodies.values():
        assert body.startswith(b"BEGIN:VCALENDAR\r\n") and body.endswith(b"END:VCALENDAR\r\n")
        assert events_in(body)
