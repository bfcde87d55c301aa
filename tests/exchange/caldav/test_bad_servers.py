"""Servers that are down, slow, refuse, change under us or answer nonsense: a sentence, and the next run finishes the work."""

import re
import resource
import socket
import time
from collections.abc import Callable, Iterator

import pytest

from planner.exchange.calendar_server import bounded_session
from planner.records.changes import acts
from planner.records.store.database import open_database
from tests.exchange.caldav.clinic import ON, Clinic, failed, passed
from tests.exchange.caldav.nasty_server import Asked, Handler, Misbehaviour, NastyServer, nasty_server, well
from tests.exchange.caldav.radicale_server import free_port
from tests.records.desk import Desk

ACCOUNT = {"PLANNER_CALDAV_USER": "clinic", "PLANNER_CALDAV_PASSWORD": "s3cret-and-long"}


@pytest.fixture
def nasty() -> Iterator[NastyServer]:
    with nasty_server() as server:
        yield server


@pytest.fixture
def clinic(nasty: NastyServer, database_file: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    database = open_database(database_file)
    opened = Clinic(Desk(database), nasty.url, monkeypatch, ACCOUNT, database_file)
    opened.make_feed()
    yield opened
    database.close()


def always(answer: Callable[[Handler], object]) -> Misbehaviour:
    def misbehave(handler: Handler, asked: Asked) -> bool:
        answer(handler)
        return True

    return misbehave


def at_put(number: int, answer: Callable[[Handler], object], *, times: int = 1) -> Misbehaviour:
    """Misbehave at the number-th PUT of all, and so many in a row."""
    seen = 0

    def misbehave(handler: Handler, asked: Asked) -> bool:
        nonlocal seen
        seen += asked.method == "PUT"
        if asked.method == "PUT" and number <= seen < number + times:
            answer(handler)
            return True
        return False

    return misbehave


def status(code: int, **headers: str) -> Callable[[Handler], object]:
    return lambda handler: handler.answer(code, b"<html>a page with secrets of the server</html>", Content_Type="text/html", **headers)


def text(body: bytes, **headers: str) -> Callable[[Handler], object]:
    return lambda handler: handler.answer(207, body, **{"Content_Type": "application/xml", **headers})


def endless(handler: Handler) -> None:
    handler.send_response(207)
    handler.send_header("Content-Type", "application/xml")
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    piece = b"<a/>" * 16_384
    handler.wfile.write(b"f\r\n<multistatus>  \r\n")
    while True:
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))


def dripping(head: bytes) -> Callable[[Handler], object]:
    """An answer of which an octet comes now and then."""

    def answer(handler: Handler) -> None:
        handler.wfile.write(head)
        for _ in range(400):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)

    return answer


def raw(octets: bytes) -> Callable[[Handler], object]:
    def answer(handler: Handler) -> None:
        handler.wfile.write(octets)
        handler.drop()

    return answer


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + number, b"&%c;" % (97 + number) * 10) for number in range(9))
    + b']><multistatus xmlns="DAV:"><response><href>&j;</href></response></multistatus>'
)
HERE = NastyServer.collection()
WRAPPED = '<multistatus xmlns="DAV:">{}</multistatus>'

REFUSALS = {
    "401": (status(401, WWW_Authenticate='Basic realm="x"'), "does not accept the account or the password"),
    "401 without a word": (status(401), "does not accept the account or the password"),
    "401 by other ways": (status(401, WWW_Authenticate="Negotiate"), "other ways than an account and a password"),
    "403": (status(403), "this account may not do that there"),
    "404": (status(404), "has no calendar at /cal/visits/"),
    "405": (status(405), "it does not do that at this address"),
    "413": (status(413), "takes no event of this size"),
    "423": (status(423), "locked there"),
    "429": (status(429), "is asked too much at the moment (HTTP 429); try again later"),
    "429 with a time": (status(429, Retry_After="120"), "try again in 120 seconds"),
    "429 with nonsense": (status(429, Retry_After="soon"), "try again later"),
    "500": (status(500), "something is wrong with it"),
    "502": (status(502), "something is wrong with it"),
    "503": (status(503), "something is wrong with it"),
    "503 with a time": (status(503, Retry_After="30"), "try again in 30 seconds"),
    "507": (status(507), "no room left"),
    "599": (status(599), "something is wrong with it"),
    "299": (status(299), "its answer is not understood"),
    "redirect elsewhere": (status(302, Location="https://elsewhere.example.org/?token=x"), "redirects to elsewhere.example.org"),
    "redirect to another port": (status(301, Location="http://127.0.0.1:1/cal/visits/"), "redirects to 127.0.0.1"),
    "redirect in a circle": (status(301, Location="/cal/visits/"), "redirects to another place"),
    "redirect to nothing": (status(302), "redirects to another place"),
    "redirect to nonsense": (status(302, Location="http://[::1"), "no HTTP"),
    "a web page": (status(200), "its answer is not understood"),
    "a web page as multi-status": (text(b"<!DOCTYPE html><html><body>Sign in</body></html>"), "something else than plain XML"),
    "text": (text(b"It works!"), "something else than plain XML"),
    "nothing": (text(b""), "something else than plain XML"),
    "broken XML": (text(b"<multistatus xmlns='DAV:'><response>"), "no XML"),
    "deep XML": (text(b"<a>" * 100_000), "no XML"),
    "millions of tags": (text(b"<multistatus>" + b"<a/>" * 4_000_000 + b"</multistatus>"), "something else than plain XML"),
    "other XML": (text(b"<feed/>"), "nothing about what it was asked for"),
    "an empty multi-status": (text(WRAPPED.format("").encode()), "nothing about what it was asked for"),
    "of another place": (text(WRAPPED.format(HERE.replace("visits", "other")).encode()), "nothing about what it was asked for"),
    "without ETags": (text(WRAPPED.format(HERE + NastyServer.listed("/cal/visits/a.ics", "")).encode()), "gives no ETag"),
    "ETags of two lines": (text(WRAPPED.format(HERE + NastyServer.listed("/cal/visits/a.ics", '"1"\r\nX: y')).encode()), "gives no ETag"),
    "a part of it": (
        text(WRAPPED.format(HERE + "<response><href>/cal/visits/</href><status>HTTP/1.1 507 Too many</status></response>").encode()),
        "lists only a part of what it holds (HTTP 507)",
    ),
    "objects elsewhere": (text(WRAPPED.format(HERE + NastyServer.listed("/cal/a.ics", '"1"')).encode()), "not in this calendar"),
    "objects on another host": (
        text(WRAPPED.format(HERE + NastyServer.listed("http://elsewhere.example.org/cal/visits/a.ics", '"1"')).encode()),
        "not in this calendar",
    ),
    "no calendar": (text(re.sub("<C:calendar.*?/>", "", WRAPPED.format(HERE)).encode()), "a place for calendars"),
    "a billion laughs": (text(LAUGHS), "something else than plain XML"),
    "UTF-16": (text(WRAPPED.format(HERE).encode("utf-16")), "something else than plain XML"),
    "UTF-7": (text(b'<?xml version="1.0" encoding="UTF-7"?>' + WRAPPED.format(HERE).encode()), "something else than plain XML"),
    "compressed": (text(b"\x1f\x8b" + b"x" * 99, Content_Encoding="gzip"), "answers compressed"),
    "endless": (endless, "more than 20 MB"),
    "cut": (raw(b"HTTP/1.1 207 Multi\r\nContent-Length: 9999\r\n\r\n<multistatus>"), "broke off"),
    "no HTTP": (raw(b"SSH-2.0-OpenSSH_9.9\r\n"), "broke off"),
    "a wrong length": (raw(b"HTTP/1.1 207 Multi\r\nContent-Length: many\r\n\r\n<multistatus>"), ""),
    "hung up": (Handler.drop, "broke off"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_bad_answer_to_the_first_question_is_a_sentence(clinic: Clinic, nasty: NastyServer, name: str) -> None:
    answer, said = REFUSALS[name]
    nasty.misbehave = always(answer)
    began, memory = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    message = failed(clinic.push())
    assert said in message
    assert ACCOUNT["PLANNER_CALDAV_PASSWORD"] not in message
    assert "secrets of the server" not in message
    assert "token" not in message
    assert nasty.sent() == []
    assert time.monotonic() - began < 15
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 300_000, "kilobytes"
    nasty.misbehave = well
    assert passed(clinic.push("--dry-run")) == {"created": len(clinic.objects())}


@pytest.mark.parametrize("name", ["401", "404", "429", "500", "redirect elsewhere", "a billion laughs", "hung up"])
def test_a_pull_fails_as_a_push_does(clinic: Clinic, nasty: NastyServer, name: str) -> None:
    passed(clinic.push())
    answer, said = REFUSALS[name]
    nasty.misbehave = always(answer)
    assert said in failed(clinic.pull("--yes"))
    nasty.misbehave = well
    assert "Nothing was changed" in clinic.pull("--yes").stdout


def test_a_calendar_of_too_many_objects_is_not_looked_through(clinic: Clinic, nasty: NastyServer) -> None:
    etag = NastyServer.listed("/cal/visits/{}.ics", '"1"')
    listed = "".join(etag.format(number) for number in range(50_000))
    nasty.misbehave = always(text(WRAPPED.format(HERE + listed).encode()))
    assert "lists more than 50,000 objects there" in failed(clinic.push())
    assert nasty.sent() == []


@pytest.mark.parametrize("asks", ["push", "pull"])
def test_objects_that_are_large_together_are_not_all_read(clinic: Clinic, nasty: NastyServer, asks: str) -> None:
    """Each answer is within bounds; what all of them hold would be kept."""
    large = "".join(NastyServer.listed(f"/cal/visits/{{0}}-{half}.ics", '"1"', b"x" * (9 * 2**20)) for half in "ab")
    reports = 0

    def misbehave(handler: Handler, asked: Asked) -> bool:
        nonlocal reports
        reports += asked.method == "REPORT"
        if asked.method == "REPORT":
            handler.multi_status(large.format(reports))
        else:
            handler.multi_status(HERE, *(NastyServer.listed(f"/cal/visits/{number}.ics", '"1"') for number in range(50 * 20)))
        return True

    nasty.misbehave = misbehave
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "sends more than 200 MB in this run" in failed(clinic.push() if asks == "push" else clinic.pull("--yes"))
    assert reports == 12
    assert nasty.sent() == []
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 700_000, "kilobytes"


AT_THE_THIRD = {
    "500": (status(500), False),
    "413": (status(413), False),
    "412": (status(412), False),
    "409": (status(409), False),
    "423": (status(423), False),
    "403": (status(403), False),
    "redirect": (status(302, Location="https://elsewhere.example.org/"), False),
    "429": (status(429, Retry_After="7"), True),
    "401": (status(401, WWW_Authenticate='Basic realm="x"'), True),
    "hung up": (Handler.drop, True),
    "nonsense": (raw(b"\0\0\0\0"), True),
}


@pytest.mark.parametrize("name", AT_THE_THIRD)
def test_a_bad_answer_midway_costs_no_other_event_and_the_next_run_finishes(clinic: Clinic, nasty: NastyServer, name: str) -> None:
    answer, ends_the_run = AT_THE_THIRD[name]
    # A sign-in that is refused once is tried once more.
    nasty.misbehave = at_put(3, answer, times=2 if name == "401" else 1)
    count = len(clinic.objects())
    result = clinic.push()
    message = failed(result)
    done = 2 if ends_the_run else count - 1
    assert f"{done} created, 0 changed" in result.stdout
    assert ("1 refused" in result.stdout) == (not ends_the_run)
    assert message.endswith(".\n")
    assert len(nasty.objects) == done
    assert passed(clinic.push()) == {"created": count - done, "unchanged": done}
    assert len(nasty.objects) == count
    assert {body for _, body in nasty.objects.values()} == {one.body for one in clinic.objects().values()}


def test_after_five_refusals_in_a_row_the_others_are_not_tried(clinic: Clinic, nasty: NastyServer) -> None:
    nasty.misbehave = at_put(2, status(500), times=99)
    result = clinic.push()
    assert "5 events in a row were refused" in failed(result)
    assert "1 created" in result.stdout
    assert nasty.sent() == ["PUT"] * 6
    nasty.misbehave = well
    passed(clinic.push())
    assert len(nasty.objects) == len(clinic.objects())


def test_an_event_whose_answer_was_lost_is_not_put_twice(clinic: Clinic, nasty: NastyServer) -> None:
    """As where the run is cut off between the answer and the note."""

    def take_and_drop(handler: Handler, asked: Asked) -> bool:
        if asked.method == "PUT" and nasty.puts == 3:
            nasty.store(asked.path, asked.body)
            handler.drop()
            return True
        return False

    nasty.misbehave = take_and_drop
    count = len(clinic.objects())
    assert "3 created" in clinic.push().stdout
    nasty.misbehave = well
    assert passed(clinic.push()) == {"created": count - 4, "adopted": 1, "unchanged": 3}
    # The same of an event that is changed.
    clinic.desk.record(acts.visit_booked("C3D1", ON.replace(month=4, day=20), "10:00", 60), on=ON)
    nasty.puts = 3
    nasty.misbehave = take_and_drop
    failed(clinic.push())
    nasty.misbehave = well
    result = passed(clinic.push())
    assert result["adopted"] == 1
    assert "edited there" not in result
    assert passed(clinic.push()) == {"unchanged": count}


def test_an_event_whose_answer_was_lost_is_ours_though_the_log_goes_on(clinic: Clinic, nasty: NastyServer) -> None:
    """Neither what was last noted nor what is wanted now stands there, and yet nobody changed it."""
    booked = f"/cal/visits/{clinic.name('C3D1')}"

    def take_and_drop(handler: Handler, asked: Asked) -> bool:
        if asked.path != booked or asked.method != "PUT":
            return False
        nasty.store(asked.path, asked.body)
        handler.drop()
        return True

    nasty.misbehave = take_and_drop
    for day in (20, 21, 22):
        failed(clinic.push())
        # An old run that was cut off must not be forgotten by one that is cut off before it comes to that event.
        nasty.misbehave = at_put(1, Handler.drop)
        clinic.desk.record(acts.visit_booked("C3D1", ON.replace(month=4, day=day), "10:00", 60), on=ON.replace(day=day))
        clinic.on = ON.replace(month=4, day=1)
        assert "0 edited there" in clinic.push().stdout
        nasty.misbehave = take_and_drop
    nasty.misbehave = well
    assert "edited there" not in passed(clinic.push())
    assert passed(clinic.push()) == {"unchanged": len(clinic.objects())}


def test_an_event_whose_answer_was_lost_is_taken_away_once_it_is_off_the_feed(clinic: Clinic, nasty: NastyServer) -> None:
    leaving = f"/cal/visits/{clinic.name('SIM')}"

    def take_and_drop(handler: Handler, asked: Asked) -> bool:
        if asked.path != leaving or asked.method != "PUT":
            return False
        nasty.store(asked.path, asked.body)
        handler.drop()
        return True

    nasty.misbehave = take_and_drop
    failed(clinic.push())
    nasty.misbehave = well
    clinic.on = ON.replace(month=4, day=7)
    assert "SIM" not in clinic.objects()
    assert passed(clinic.push())["deleted"] == 1
    assert leaving not in nasty.objects
    assert passed(clinic.push()) == {"unchanged": len(clinic.objects())}


def test_an_event_that_was_refused_and_taken_all_the_same_is_ours(clinic: Clinic, nasty: NastyServer) -> None:
    booked = f"/cal/visits/{clinic.name('C3D1')}"

    def take_and_refuse(handler: Handler, asked: Asked) -> bool:
        if asked.path != booked or asked.method != "PUT":
            return False
        nasty.store(asked.path, asked.body)
        handler.answer(500)
        return True

    nasty.misbehave = take_and_refuse
    failed(clinic.push())
    nasty.misbehave = well
    clinic.desk.record(acts.visit_booked("C3D1", ON.replace(month=4, day=20), "10:00", 60), on=ON)
    assert "edited there" not in passed(clinic.push())
    assert passed(clinic.push()) == {"unchanged": len(clinic.objects())}


def test_a_database_that_fails_midway_is_a_sentence_and_the_next_run_finishes(clinic: Clinic, nasty: NastyServer) -> None:
    with clinic.desk.database.writing() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON pushed WHEN NEW.collection NOT LIKE '%+' AND (SELECT count(*) FROM pushed WHERE "
            "collection NOT LIKE '%+') = 3 BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
    result = clinic.push()
    assert "is full. Make room" in failed(result)
    assert "3 created" in result.stdout
    with clinic.desk.database.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER full")
    assert passed(clinic.push()) == {"created": len(clinic.objects()) - 4, "adopted": 1, "unchanged": 3}


def test_an_event_changed_between_listing_and_sending_is_left(clinic: Clinic, nasty: NastyServer) -> None:
    passed(clinic.push())
    clinic.desk.record(acts.visit_booked("C3D1", ON.replace(month=4, day=20), "10:00", 60), on=ON)
    path = f"/cal/visits/{clinic.name('C3D1')}"

    def change_first(handler: Handler, asked: Asked) -> bool:
        if asked.method == "PUT" and asked.path == path and asked.headers["If-Match"] == nasty.objects[path][0]:
            nasty.store(path, nasty.objects[path][1].replace(b"SUMMARY:", b"SUMMARY:Mine "))
        return False

    nasty.misbehave = change_first
    result = clinic.push()
    assert "ulrrc/PEK-001 C3D1 could not be changed: the event was changed there a moment ago (HTTP 412)." in failed(result)
    assert b"SUMMARY:Mine" in nasty.objects[path][1]
    nasty.misbehave = well
    assert passed(clinic.push())["edited there"] == 1


@pytest.mark.parametrize("etag", [None, 'W/"{}"', '"wrong"', "unquoted"])
def test_servers_that_are_careless_with_etags_still_end_up_equal(clinic: Clinic, nasty: NastyServer, etag: str | None) -> None:
    def careless(handler: Handler, asked: Asked) -> bool:
        if asked.method != "PUT":
            return False
        stored = nasty.store(asked.path, asked.body).strip('"')
        handler.answer(201, **({} if etag is None else {"ETag": etag.format(stored)}))
        return True

    count = len(clinic.objects())
    nasty.misbehave = careless
    assert passed(clinic.push()) == {"created": count}
    nasty.misbehave = well
    assert passed(clinic.push()) == ({"unchanged": count} if etag and etag.startswith("W/") else {"adopted": count})
    assert passed(clinic.push()) == {"unchanged": count}
    assert nasty.sent() == ["PUT"] * count


def test_exactly_our_bytes_are_sent_and_only_where_nothing_stands(clinic: Clinic, nasty: NastyServer) -> None:
    passed(clinic.push())
    puts = [one for one in nasty.asked if one.method == "PUT"]
    assert sorted(one.body for one in puts) == sorted(one.body for one in clinic.objects().values())
    assert {one.headers["If-None-Match"] for one in puts} == {"*"}
    assert {one.headers["Content-Type"] for one in puts} == {"text/calendar; charset=utf-8"}
    assert {one.headers["Accept-Encoding"] for one in puts} == {"identity"}


def test_a_server_that_wants_a_digest_gets_no_password(clinic: Clinic, nasty: NastyServer) -> None:
    def digest(handler: Handler, asked: Asked) -> bool:
        if asked.headers.get("Authorization", "").startswith("Digest "):
            return False
        handler.answer(401, WWW_Authenticate='Digest realm="x", nonce="abc", qop="auth", algorithm=SHA-256')
        return True

    nasty.misbehave = digest
    count = len(clinic.objects())
    assert passed(clinic.push()) == {"created": count}
    assert not any(one.headers.get("Authorization", "").startswith("Basic") for one in nasty.asked)
    assert 'username="clinic"' in nasty.asked[-1].headers["Authorization"]
    assert len(nasty.asked) < count + 5, "what was agreed on counts for all requests"


def test_a_digest_refused_without_end_is_not_read(clinic: Clinic, nasty: NastyServer) -> None:
    def endless_refusal(handler: Handler) -> None:
        handler.send_response(401)
        handler.send_header("WWW-Authenticate", 'Digest realm="x", nonce="abc", qop="auth"')
        handler.send_header("Content-Length", str(10**12))
        handler.end_headers()
        for _ in range(20_000):
            handler.wfile.write(b"x" * 65_536)

    nasty.misbehave = always(endless_refusal)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "does not accept the account" in failed(clinic.push("--timeout", "20"))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 100_000, "kilobytes"


@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 207 Multi-Status\r\nContent-Type: ", b"HTTP/1.1 207 Multi-Status\r\nContent-Length: 999\r\n\r\n<a", b""]
)
def test_a_server_that_drips_is_left_when_the_time_is_over(clinic: Clinic, nasty: NastyServer, head: bytes) -> None:
    nasty.misbehave = always(dripping(head))
    began = time.monotonic()
    assert "is too slow: the run was not done within 1 seconds (--timeout)" in failed(clinic.push("--timeout", "1"))
    assert time.monotonic() - began < 5


def test_a_silent_server_is_left(clinic: Clinic, nasty: NastyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_session, "READ_SECONDS", 0.3)
    nasty.misbehave = always(lambda handler: time.sleep(2))
    assert "fell silent" in failed(clinic.push())


def test_a_slow_run_keeps_what_it_did(clinic: Clinic, nasty: NastyServer) -> None:
    def slow(handler: Handler, asked: Asked) -> bool:
        if asked.method == "PUT":
            time.sleep(0.4)
        return False

    nasty.misbehave = slow
    result = clinic.push("--timeout", "2")
    assert "is too slow" in failed(result)
    done = int(re.search(r"(\d+) created", result.stdout)[1])  # type: ignore[index]
    assert 0 < done < len(clinic.objects())
    nasty.misbehave = well
    # The server is still at work on what was sent last.
    time.sleep(0.8)
    assert sum(passed(clinic.push()).values()) == len(clinic.objects())


def test_nobody_listens(clinic: Clinic) -> None:
    assert "cannot be reached" in failed(clinic.push(url=f"http://127.0.0.1:{free_port()}/cal/"))
    assert "cannot be reached" in failed(clinic.push(url="https://no-such-host.invalid/cal/"))


def test_a_full_backlog_is_no_answer(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_session, "CONNECT_SECONDS", 0.3)
    monkeypatch.setattr(bounded_session, "READ_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        said = failed(clinic.push(url=f"http://127.0.0.1:{listening.getsockname()[1]}/cal/"))
    assert "fell silent" in said


def test_a_certificate_that_nobody_vouches_for_gets_no_password(clinic: Clinic) -> None:
    with nasty_server(tls=True) as server:
        assert "cannot be trusted" in failed(clinic.push(url=server.url))
        assert server.asked == []


def test_a_server_without_tls_is_no_https(clinic: Clinic, nasty: NastyServer) -> None:
    message = failed(clinic.push(url=nasty.url.replace("http:", "https:")))
    assert "cannot be trusted" in message or "cannot be reached" in message
    assert nasty.asked == []
