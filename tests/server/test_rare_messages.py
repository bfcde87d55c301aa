"""What clients can make the process write, it writes once a minute."""

from __future__ import annotations

import logging
import socket
from pathlib import Path

from planner.server.process import MOST_CONNECTIONS
from planner.server.rare_messages import SECONDS, OnceAMinute
from tests.server.clinic import Clinic
from tests.server.serving import serving


def test_each_message_of_a_client_once_a_minute() -> None:
    now = 1000.0
    rare = OnceAMinute(lambda: now)

    def shown(text: str) -> bool:
        return rare.filter(logging.LogRecord("uvicorn.error", logging.WARNING, "", 0, text, (), None))

    full, invalid, other = "Exceeded concurrency limit.", "Invalid HTTP request received.", "Exception in ASGI application\n"
    assert [shown(full), shown(full), shown(invalid), shown(invalid)] == [True, False, True, False]
    assert [shown(other), shown(other)] == [True, True]
    now += SECONDS - 0.1
    assert not shown(full)
    now += 0.1
    assert [shown(full), shown(full)] == [True, False]


def test_a_crowd_writes_one_line(clinic: Clinic, written: Path) -> None:
    with serving(str(clinic.database.url), written) as served:
        crowd = [socket.create_connection(("127.0.0.1", served.port), timeout=10) for _ in range(MOST_CONNECTIONS)]
        assert [served.get("/healthz").status for _ in range(20)] == [503] * 20
        for connection in crowd:
            connection.close()
        served.until("/healthz", 200)
        for _ in range(20):
            with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
                connection.sendall(b"nonsense\r\n\r\n")
                assert connection.recv(12) == b"HTTP/1.1 400"
    assert served.output().count("Exceeded concurrency limit.") == 1
    assert served.output().count("Invalid HTTP request received.") == 1
