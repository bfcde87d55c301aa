"""No token in anything the process writes, however much it is asked to write and whatever fails."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
from pathlib import Path

import pytest

from planner.server.redaction import keep_tokens_out_of_logs, without_tokens
from tests.server.clinic import Clinic, path_of
from tests.server.serving import PLANNER, ROOT, Served, planner, serving

TOKEN = "Q9z_kLmN-aB3cD4eF5gH6iJ7kL8mN9oP0qR1sT2uV3w"


def parts_of(token: str) -> list[str]:
    return [token[start : start + 20] for start in range(len(token) - 19)]


def assert_nothing_of(token: str, text: str) -> None:
    assert len(text) > 50
    assert [part for part in parts_of(token) if part in text] == []


def ask_everything(served: Served, token: str) -> None:
    for path in (
        *(f"/feed/{token}.ics", f"/feed/{token}.ics?x={token}", f"/feed/{token}/2.ics", f"/feed/{token}", f"/feed/{token[:-3]}.ics"),
        *(
            f"/feed/{token}%0a.ics",
            f"/FEED/{token}.ics",
            f"//feed/{token}.ics",
            f"/{token}",
            f"/feed/../{token}.ics",
            f"/%66eed/{token}.ics",
        ),
        *(f"/_stcore/{token}", f"/component/{token}/x.js", f"/media/{token}", f"/static/../{token}", f"/feed/{token}.ics#{token}"),
    ):
        for method in ("GET", "HEAD", "POST", "PUT"):
            served.get(path, {"Referer": f"{served.address}{path}", "Cookie": f"a={token}"}, method)
    for upgrade in (f"/feed/{token}.ics", f"/_stcore/stream?{token}"):
        served.get(
            upgrade,
            {
                "Connection": "Upgrade",
                "Upgrade": "websocket",
                "Sec-WebSocket-Version": "13",
                "Sec-WebSocket-Key": "eHh4eHh4eHh4eHh4eHh4eA==",
            },
        )
        served.get(upgrade, {"Connection": "Upgrade", "Upgrade": token})


def test_no_token_reaches_any_output(clinic: Clinic, written: Path) -> None:
    issued, guessed = clinic.feed(), TOKEN
    call = [*PLANNER, "--debug", "serve", "--port", "0"]
    with serving(str(clinic.database.url), written, call, STREAMLIT_LOGGER_LEVEL="debug") as served:
        assert served.get(path_of(issued)).status == 200
        for token in (issued.token, guessed):
            ask_everything(served, token)
        assert served.get(path_of(issued)).status in (200, 429)
    for token in (issued.token, guessed):
        assert_nothing_of(token, served.output())


@pytest.mark.parametrize("what", ["building", "handler", "screens", "unused"])
def test_no_token_reaches_a_traceback(what: str, clinic: Clinic, written: Path) -> None:
    """Failures of all kinds whose message holds the token, logged as verbosely as uvicorn can."""
    issued = clinic.feed()
    call = [sys.executable, "-m", "tests.server.failing", what, issued.token]
    with serving(str(clinic.database.url), written, call) as served:
        path = "/" if what == "screens" else path_of(issued)
        expected = {"building": 500, "handler": 500, "screens": 500, "unused": 200}[what]
        answer = served.get(path)
        assert answer.status == expected
        assert issued.token.encode() not in answer.body
        if what == "building":
            assert answer.body == b""
    output = served.output()
    assert_nothing_of(issued.token, output)
    if what != "unused":
        assert ("RuntimeError" in output and "Traceback" in output) or "in fail" in output


def test_commands_show_a_token_once_and_never_again(clinic: Clinic) -> None:
    url = str(clinic.database.url)
    made = planner(url, "feed", "make", "site", "PEK", "--purpose", "phone", "--url", "https://planner.example.org")
    assert made.returncode == 0, made.stderr
    (token,) = set(re.findall(r"/feed/([A-Za-z0-9_-]{43})\.ics", made.stdout))
    assert made.stdout.count(token) == 2 and token not in made.stderr
    later = [
        planner(url, "--debug", *words) for words in (("feed", "list"), ("audit", "verify"), ("feed", "revoke", "F1"), ("feed", "list"))
    ]
    for answer in later:
        assert answer.returncode == 0
        assert_nothing_of(token, answer.stdout + answer.stderr + " " * 60)
    assert token.encode() not in clinic.database.path.read_bytes()  # type: ignore[union-attr]


# --- the redaction by itself ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        f"GET /feed/{TOKEN}.ics HTTP/1.1",
        f'"GET /feed/{TOKEN}/2.ics" 404',
        f"/feed/{TOKEN[:21]}",
        f"path='/feed/{TOKEN[:25]}', raw_path=b'/feed/{TOKEN[:25]}'",
        f"https://planner.example.org/FEED/{TOKEN}",
        f"%2Ffeed%2F{TOKEN}.ics",
        f"token={TOKEN}",
        f"KeyError: '{TOKEN}'",
        TOKEN,
    ],
)
def test_tokens_are_hidden(text: str) -> None:
    assert [part for part in parts_of(TOKEN) if part in without_tokens(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "Started server process [12078]",
        "planner/records/store/database.py, line 20, in open_database",
        "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "feed F12 was used",
        "planner.records.store.log.UnreadableFactError: position 12",
    ],
)
def test_other_texts_stay(text: str) -> None:
    assert without_tokens(text) == text


SCRIPT = f"""
import logging, sys
from planner.server.redaction import keep_tokens_out_of_logs
keep_tokens_out_of_logs(); keep_tokens_out_of_logs()
logging.basicConfig(level=logging.DEBUG, stream=sys.stderr, format="%(name)s %(message)s")
late = logging.getLogger("late"); late.propagate = False; late.addHandler(logging.StreamHandler())
token = {TOKEN!r}
class Shy:
    def __str__(self): return "shown as " + token
for log in (logging.getLogger("uvicorn.access"), late):
    log.warning('%s - "%s %s HTTP/%s" %d', "127.0.0.1:1", "GET", "/feed/" + token + ".ics", "1.1", 404)
    log.warning("plain /feed/" + token)
    log.warning("100%% of %s", Shy())
    log.warning("%(path)s", {{"path": "/feed/" + token}})
    log.warning("bad %d", "/feed/" + token)
    try: raise RuntimeError("at /feed/" + token)
    except RuntimeError: log.exception("it failed")
    try: raise ValueError("nothing to hide")
    except ValueError: log.exception("it failed too")
"""


def test_records_of_all_loggers_are_redacted_as_they_are_made() -> None:
    result = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True)
    assert_nothing_of(TOKEN, result.stdout + result.stderr)
    assert result.stderr.count('127.0.0.1:1 - "GET /feed/*** HTTP/1.1" 404') == 2
    assert result.stderr.count("100% of shown as ***") == 2
    assert result.stderr.count("RuntimeError: at /feed/***") == 2
    assert result.stderr.count("ValueError: nothing to hide") == 2


def test_a_second_call_changes_nothing() -> None:
    before = logging.getLogRecordFactory()
    try:
        keep_tokens_out_of_logs()
        once = logging.getLogRecordFactory()
        keep_tokens_out_of_logs()
        assert logging.getLogRecordFactory() is once
    finally:
        logging.setLogRecordFactory(before)
