"""The process itself: how it starts and ends, what else it answers, and who cannot get in the way."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import Config
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from planner.records.store.database import open_database
from planner.server.deadlines import SECONDS_FOR_A_HEAD, SECONDS_TO_READ
from tests.server.clinic import Clinic, path_of
from tests.server.conftest import Running
from tests.server.serving import PLANNER, Served, environment, serving

TOKEN = "A1b2-_" * 7 + "x"


def test_the_screens_are_behind_the_feeds(running: Running) -> None:
    served = running.served
    assert served.get("/_stcore/health").body == b"ok"
    page = served.get("/")
    assert page.status == 200 and b"<!doctype html>" in page.body.lower()
    assert served.get("/healthz").body == b'{"status":"ok"}'
    assert served.get("/healthz", method="HEAD").body == b""
    assert served.get("/healthz", method="POST").status == 405
    messages = first_messages(served)
    assert any(message.HasField("delta") for message in messages)
    assert messages[-1].script_finished == ForwardMsg.FINISHED_SUCCESSFULLY


def first_messages(served: Served) -> list[ForwardMsg]:
    """What a browser is sent for the first page."""
    with screens_socket(served, served.address) as opened:
        assert opened.subprotocol == "streamlit"
        opened.send(BackMsg(rerun_script=ClientState()).SerializeToString())
        found: list[ForwardMsg] = []
        while not (found and found[-1].HasField("script_finished")):
            answer = opened.recv(timeout=60)
            assert isinstance(answer, bytes)
            found.append(ForwardMsg.FromString(answer))
        return found


def screens_socket(served: Served, origin: str) -> ClientConnection:
    """A browser's connection to the screens, from a page of this origin."""
    return connect(f"ws://127.0.0.1:{served.port}/_stcore/stream", subprotocols=[Subprotocol("streamlit")], origin=Origin(origin))


def test_the_settings_of_the_screens_hold(running: Running) -> None:
    (session,) = [message.new_session for message in first_messages(running.served) if message.HasField("new_session")]
    assert not session.config.gather_usage_stats
    assert session.config.toolbar_mode == Config.ToolbarMode.MINIMAL


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://127.0.0.1:1", "http://[broken"])
def test_a_page_from_elsewhere_gets_no_connection(running: Running, origin: str) -> None:
    began = time.monotonic()
    with pytest.raises(InvalidStatus) as refused:
        screens_socket(running.served, origin)
    assert refused.value.response.status_code == 403
    # Streamlit itself would ask a host on the internet which address this machine has.
    assert time.monotonic() - began < 1
    answer = running.served.get("/_stcore/health", {"Origin": origin})
    assert answer.status == 200 and "access-control-allow-origin" not in answer.headers


def test_a_websocket_at_a_feeds_address_is_refused(running: Running) -> None:
    issued = running.feed()
    for path in (path_of(issued), f"/feed/{TOKEN}.ics"):
        with pytest.raises(InvalidStatus) as refused:
            connect(f"ws://127.0.0.1:{running.served.port}{path}")
        assert refused.value.response.status_code in (403, 404)
    assert issued.token not in running.served.output()


def test_a_head_that_is_too_large_is_refused(running: Running) -> None:
    large = {f"X-{number}": "y" * 1000 for number in range(40)}
    assert running.served.get("/healthz", large).status == 431
    assert running.served.get(f"/feed/{'a' * 40_000}.ics").status == 431
    with socket.create_connection(("127.0.0.1", running.served.port)) as connection:
        for piece in range(18):
            connection.sendall(b"GET / HTTP/1.1\r\nX: " if piece == 0 else b"y" * 1000)
            time.sleep(0.01)
        assert connection.recv(12) == b"HTTP/1.1 400"
    assert running.served.get("/healthz").status == 200


def test_slow_clients_hold_up_nobody_and_are_let_go(running: Running) -> None:
    issued = running.feed()
    slow = [socket.create_connection(("127.0.0.1", running.served.port)) for _ in range(100)]
    try:
        for connection in slow:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n")
        began = time.monotonic()
        assert running.served.get(path_of(issued)).status == 200
        assert time.monotonic() - began < 2
        # A byte now and then does not buy more time.
        first = slow[0]
        first.settimeout(SECONDS_FOR_A_HEAD + 5)
        time.sleep(SECONDS_FOR_A_HEAD / 2)
        first.sendall(b"X: y\r\n")
        assert first.recv(10) == b""
        assert time.monotonic() - began < SECONDS_FOR_A_HEAD + 3
    finally:
        for connection in slow:
            connection.close()


def test_a_slow_reader_holds_up_nobody(running: Running) -> None:
    issued = running.feed()
    with socket.create_connection(("127.0.0.1", running.served.port)) as reader:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        for _ in range(20):
            reader.sendall(f"GET {path_of(issued)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(0.3)
        began = time.monotonic()
        assert running.served.get(path_of(issued)).status == 200
        assert time.monotonic() - began < 2


@pytest.mark.long
def test_who_does_not_read_is_let_go(clinic: Clinic, written: Path) -> None:
    with serving(str(clinic.database.url), written, [sys.executable, "-m", "tests.server.unlimited"]) as served:
        request = f"GET {path_of(clinic.feed())} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        with socket.create_connection(("127.0.0.1", served.port)) as reader:
            reader.sendall(request * 300)
            time.sleep(SECONDS_TO_READ / 2)
            assert _connections(served) == 1
            time.sleep(SECONDS_TO_READ / 2 + 3)
            assert _connections(served) == 0
        assert served.get("/healthz").status == 200
        assert "Traceback" not in served.output()


def _connections(served: Served) -> int:
    """How many connections the process holds: sockets of it that are established (Linux)."""
    lines = Path(f"/proc/{served.process.pid}/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    mine = {os.readlink(link)[8:-1] for link in Path(f"/proc/{served.process.pid}/fd").iterdir() if os.readlink(link).startswith("socket:")}
    return sum(fields[3] == "01" and fields[9] in mine for fields in (line.split() for line in lines))


def test_a_port_that_is_taken_is_said_before_anything_starts(sqlite_url: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        began = time.monotonic()
        result = subprocess.run(
            [*PLANNER, "serve", "--port", str(port)],
            env=environment(sqlite_url),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
    assert result.returncode == 1 and result.stdout == ""
    assert result.stderr.startswith(f"Port {port} at 127.0.0.1 cannot be used: Address already in use.")
    assert len(result.stderr.splitlines()) == 1 and time.monotonic() - began < 10


@pytest.mark.parametrize("address", ["no such host", "203.0.113.7", "x" * 300])
def test_an_address_that_is_none_of_this_machine_is_said(address: str, sqlite_url: str, tmp_path: Path) -> None:
    call = [*PLANNER, "serve", "--port", "0", "--address", address]
    result = subprocess.run(call, env=environment(sqlite_url), cwd=tmp_path, capture_output=True, text=True, check=False, timeout=30)
    assert result.returncode == 1
    assert "cannot be used" in result.stderr and "Traceback" not in result.stderr


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, -signal.SIGTERM), (signal.SIGINT, 0)])
def test_it_stops_within_seconds_with_clients_connected(clinic: Clinic, written: Path, number: signal.Signals, code: int) -> None:
    with serving(str(clinic.database.url), written) as served:
        assert served.get("/healthz").status == 200
        with (
            socket.create_connection(("127.0.0.1", served.port)) as idle,
            screens_socket(served, served.address),
        ):
            idle.sendall(b"GET /hea")
            began = time.monotonic()
            served.process.send_signal(number)
            assert served.process.wait(timeout=15) == code
            assert time.monotonic() - began < 6
    assert "Traceback" not in served.output()


def test_it_stops_while_the_database_is_locked(clinic: Clinic, written: Path) -> None:
    with serving(str(clinic.database.url), written) as served:
        path = path_of(clinic.feed())
        with clinic.database.writing():
            # The note of the use waits for this writer.
            assert served.get(path).status == 200
            began = time.monotonic()
            served.process.terminate()
            served.process.wait(timeout=15)
            assert time.monotonic() - began < 6


def test_other_machines_are_warned_about(clinic: Clinic, written: Path) -> None:
    call = [*PLANNER, "serve", "--port", "0", "--address", "0.0.0.0"]
    with serving(str(clinic.database.url), written, call) as served:
        assert "where a sign-in is configured" in served.output() and "TLS" in served.output()
        assert served.address.startswith("http://127.0.0.1:")


@pytest.mark.parametrize(("options", "believed"), [((), False), (("--forwarded-allow-ips", "127.0.0.1"), True)])
def test_x_forwarded_for_is_believed_only_where_said(clinic: Clinic, written: Path, options: tuple[str, ...], believed: bool) -> None:
    """Whoever guesses a lot is answered without a look at the database for some seconds: that tells which address counts."""
    with serving(str(clinic.database.url), written, [*PLANNER, "serve", "--port", "0", *options]) as served:
        for number in range(40):
            assert served.get(f"/feed/{TOKEN}.ics", {"X-Forwarded-For": f"198.51.100.{number}"}).status == 404
        fresh = clinic.feed()
        status = served.get(path_of(fresh), {"X-Forwarded-For": "192.0.2.1"}).status
        assert status == (200 if believed else 404)


def test_a_fresh_machine_has_screens_and_no_feeds(written: Path, tmp_path: Path) -> None:
    file = tmp_path / "none.sqlite"
    with serving(f"sqlite:///{file}", written) as served:
        assert "There is no database" in served.output()
        assert served.get("/").status == 200
        answer = served.get(f"/feed/{TOKEN}.ics")
        assert (answer.status, answer.body) == (404, b"")
        unwell = served.get("/healthz")
        assert (unwell.status, unwell.body) == (503, b'{"status":"unavailable"}')
        assert not file.exists()
        database = open_database(f"sqlite:///{file}")
        issued = Clinic.opened(database).feed()
        database.close()
        assert served.get("/healthz").status == 200
        assert served.get(path_of(issued)).status == 200
