"""The libraries below speak to nobody else, read no settings of their own, and are quiet."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from planner.records.store.database import open_database
from tests.exchange.caldav.calling import ROOT
from tests.exchange.caldav.clinic import Clinic, passed
from tests.exchange.caldav.nasty_server import SELF_SIGNED, Asked, Handler, nasty_server
from tests.exchange.caldav.radicale_server import RadicaleServer
from tests.records.desk import Desk

WATCHED = """
import json, sys
seen = {"connections": [], "names": [], "files": [], "datagrams": 0}
def watch(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        seen["connections"].append(list(arguments[1][:2]))
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        seen["names"].append(str(arguments[0]))
    elif event in ("socket.sendto", "socket.sendmsg"):
        seen["datagrams"] += 1
    elif event == "open" and isinstance(arguments[0], str):
        seen["files"].append(arguments[0])
sys.addaudithook(watch)
from tests.exchange.caldav.calling import run
try:
    run(sys.argv[1], sys.argv[2:])
finally:
    print("SEEN " + json.dumps(seen))
"""


def test_nothing_is_sent_to_any_other_host_and_no_settings_are_read(
    clinic: Clinic, radicale: RadicaleServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With everything in place that could lead the libraries astray: proxies, .netrc, settings files and variables of caldav."""
    home, dumps = tmp_path / "home", tmp_path / "dumps"
    (home / ".config").mkdir(parents=True)
    dumps.mkdir()
    astray = "http://192.0.2.1:9/"
    for name in (".netrc", ".caldav.conf", "calendar.conf", ".config/calendar.conf", ".config/calendar.yaml", ".config/caldav.yaml"):
        (home / name).write_text(
            "machine 127.0.0.1 login astray password astray\n" if name == ".netrc" else f'{{"default": {{"caldav_url": "{astray}"}}}}'
        )
    environment = {
        **{name: value for name, value in os.environ.items() if name.startswith(("PLANNER_", "PATH", "LANG"))},
        **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"), astray),
        **dict.fromkeys(("CALDAV_URL", "CALDAV_CONFIG_FILE"), astray),
        "CALDAV_USERNAME": "astray",
        "CALDAV_PASSWORD": "astray",
        "PYTHON_CALDAV_COMMDUMP": "1",
        "NETRC": str(home / ".netrc"),
        "HOME": str(home),
        "TMPDIR": str(dumps),
        "PYTHONPATH": str(ROOT),
    }
    for words in (["push", "F1", clinic.url], ["pull", "F1", clinic.url], ["push", "F1", clinic.url]):
        call = [sys.executable, "-W", "error", "-c", WATCHED, clinic.on.isoformat(), *words]
        result = subprocess.run(call, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=120)
        assert result.returncode == 0, result.stderr
        assert result.stderr == ""
        *said, seen_line = result.stdout.splitlines()
        assert len(said) == 1
        seen = json.loads(seen_line.removeprefix("SEEN "))
        assert {tuple(one) for one in seen["connections"]} == {("127.0.0.1", urlsplit(clinic.url).port)}
        assert set(seen["names"]) <= {"127.0.0.1"}
        assert seen["datagrams"] == 0
        assert [file for file in seen["files"] if file.startswith(str(home))] == []
    assert [path.name for path in dumps.rglob("*") if path.is_file()] == []


def test_over_tls_all_is_the_same_and_no_other_protocol_is_tried(clinic: Clinic, tmp_path: Path) -> None:
    """The server offers HTTP/3 at another host, and its certificate is one that this machine has been told to trust."""
    trusting = (
        f"import wassima; wassima.register_ca(open({str(SELF_SIGNED)!r}).read().split('-----END PRIVATE KEY-----')[1].strip())\n{WATCHED}"
    )

    def offer(handler: Handler, asked: Asked) -> bool:
        if asked.method != "PROPFIND":
            return False
        handler.multi_status(nasty.collection(), Alt_Svc='h3="elsewhere.example.org:443"; ma=86400')
        return True

    with nasty_server(tls=True) as nasty:
        nasty.misbehave = offer
        url = nasty.url.replace("127.0.0.1", "localhost")
        call = [sys.executable, "-W", "error", "-c", trusting, clinic.on.isoformat(), "push", "F1", url]
        result = subprocess.run(
            call, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False, timeout=120
        )
        assert result.returncode == 0, result.stderr
        assert len(nasty.objects) == len(clinic.objects())
        seen = json.loads(result.stdout.splitlines()[-1].removeprefix("SEEN "))
        assert {one[1] for one in seen["connections"]} == {urlsplit(url).port}
        assert set(seen["names"]) <= {"localhost", "127.0.0.1"}
        assert seen["datagrams"] == 0


@pytest.mark.parametrize("modules", ["caldav, caldav.davclient", "requests, streamlit", "niquests, requests, urllib3, streamlit"])
def test_the_libraries_live_together_without_a_warning(modules: str) -> None:
    """niquests brings a urllib3 of its own, which stands where others look for theirs."""
    call = [sys.executable, "-W", "error", "-c", f"import {modules}"]
    result = subprocess.run(call, capture_output=True, text=True, check=False, timeout=120)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_requests_works_beside_niquests(radicale: RadicaleServer) -> None:
    script = f"import niquests, requests; print(requests.get({radicale.url!r} + '.web/', timeout=20).status_code)"
    result = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=False, timeout=120)
    assert (result.stdout, result.stderr) == ("200\n", "")


def test_the_commands_load_the_libraries_only_when_they_run() -> None:
    script = "import sys, planner.commands.records.caldav_; print(sorted({'caldav', 'niquests', 'icalendar', 'pandas'} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert result.stdout == "[]\n", result.stderr


def test_postgresql_keeps_the_notes_too(
    radicale: RadicaleServer, calendar: str, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.exchange.caldav.clinic import site

    database = open_database(postgresql_url)
    site(database)
    clinic = Clinic(Desk(database), f"{radicale.home}{calendar}/", monkeypatch, radicale.environment, postgresql_url)
    clinic.make_feed()
    count = passed(clinic.push())["created"]
    assert passed(clinic.push()) == {"unchanged": count}
    database.close()
