"""Clients that never finish their request, or never read their answer, keep nobody else out."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState
from websockets.asyncio.client import connect

from planner.server import deadlines
from planner.server.deadlines import Deadlines
from planner.server.unread_bodies import UnreadBodies
from tests.server.clinic import path_of
from tests.server.conftest import Running

PAST = 1.5
"""Seconds, more than twice what is waited for in these tests."""
Client = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECONDS_FOR_A_HEAD", "SECONDS_FOR_A_BODY", "SECONDS_TO_READ"):
        assert getattr(deadlines, name) > 0
    monkeypatch.setattr(deadlines, "SECONDS_TO_READ", 0.5)
    for phase, seconds in ((deadlines._Awaited.HEAD, 0.5), (deadlines._Awaited.BODY, 0.6)):
        monkeypatch.setattr(phase, "_value_", seconds)


async def application(scope, receive, send) -> None:  # type: ignore[no-untyped-def]
    """Reads the body at /read, and answers with many octets at /large."""
    while scope["path"] == "/read":
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        if not message["more_body"]:
            break
    await send({"type": "http.response.start", "status": 200, "headers": []})
    body = b"y" * (20_000_000 if scope["path"] == "/large" else 2)
    await send({"type": "http.response.body", "body": body, "more_body": False})


def with_a_server(ask: Callable[[Callable[[], Awaitable[Client]], ServerState], Awaitable[None]]) -> None:
    """Ask a server of this process, by connections whose buffers are small."""

    async def run() -> None:
        config = Config(UnreadBodies(application), lifespan="off", log_config=None, timeout_keep_alive=60)
        config.load()
        state = ServerState()
        server = await asyncio.get_running_loop().create_server(lambda: Deadlines(config, state, {}), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]

        async def connected() -> Client:
            end = socket.socket()
            end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            end.setblocking(False)
            await asyncio.get_running_loop().sock_connect(end, ("127.0.0.1", port))
            return await asyncio.open_connection(sock=end, limit=4096)

        try:
            await ask(connected, state)
        finally:
            server.close()

    asyncio.run(run())


async def trickle(client: Client, seconds: float) -> float:
    """Send an octet now and then until the connection is closed; after how many seconds it was."""
    reader, writer = client
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        with suppress(ConnectionError):
            writer.write(b"x")
            await writer.drain()
        with suppress(TimeoutError):
            try:
                if await asyncio.wait_for(reader.read(1000), 0.1) == b"":
                    break
            except ConnectionError:
                break
    writer.close()
    return time.monotonic() - began


POST = b"POST /%b HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"
CHUNKED = b"POST /%b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4000\r\n"
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\nX: ",
        POST % b"read",
        CHUNKED % b"read",
        GET + b"GET / HTTP/1.1\r\nX: ",
        GET + POST % b"read",
        GET * 3 + CHUNKED % b"read",
    ],
)
@pytest.mark.usefixtures("short")
def test_an_octet_now_and_then_buys_no_time(sent: bytes) -> None:
    async def ask(connected: Callable[[], Awaitable[Client]], state: ServerState) -> None:
        reader, writer = await connected()
        writer.write(sent)
        assert await trickle((reader, writer), 5) < PAST
        await asyncio.sleep(0.1)
        assert not state.connections

    with_a_server(ask)


@pytest.mark.parametrize(
    "sent", [POST % b"x", CHUNKED % b"x", GET + POST % b"x", b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"]
)
@pytest.mark.usefixtures("short")
def test_an_answer_before_the_body_ends_the_connection(sent: bytes) -> None:
    async def ask(connected: Callable[[], Awaitable[Client]], state: ServerState) -> None:
        reader, writer = await connected()
        began = time.monotonic()
        writer.write(sent)
        answer = await asyncio.wait_for(reader.read(-1), 5)
        assert answer.count(b"HTTP/1.1 200") == sent.count(b"Host") and answer.count(b"connection: close") == 1
        assert time.monotonic() - began < 0.3
        writer.close()

    with_a_server(ask)


@pytest.mark.usefixtures("short")
def test_who_sends_and_reads_steadily_is_served_however_often() -> None:
    async def ask(connected: Callable[[], Awaitable[Client]], state: ServerState) -> None:
        reader, writer = await connected()
        began = time.monotonic()
        while time.monotonic() - began < 2 * PAST:
            writer.write(b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na")
            await asyncio.sleep(0.2)
            writer.write(b"bc")
            assert b"200" in await reader.readuntil(b"yy\r\n")
            await reader.readuntil(b"0\r\n\r\n")
        # However slowly an answer is read, if only it is.
        writer.write(b"GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        octets, began = 0, time.monotonic()
        while some := await reader.read(400_000):
            octets += len(some)
            if time.monotonic() - began < PAST:
                await asyncio.sleep(0.001)
        assert octets > 20_000_000
        writer.close()

    with_a_server(ask)


@pytest.mark.parametrize("close", [b"", b"Connection: close\r\n"])
@pytest.mark.usefixtures("short")
def test_who_reads_nothing_is_let_go(close: bytes) -> None:
    async def ask(connected: Callable[[], Awaitable[Client]], state: ServerState) -> None:
        _, writer = await connected()
        writer.write(b"GET /large HTTP/1.1\r\nHost: x\r\n" + close + b"\r\n")
        await asyncio.sleep(0.2)
        assert len(state.connections) == 1
        await asyncio.sleep(PAST)
        assert not state.connections
        writer.close()

    with_a_server(ask)


@pytest.mark.parametrize("path", ["/healthz", "/feed/x.ics", "/", "/_stcore/health"])
def test_a_body_that_nobody_wants_is_not_waited_for(running: Running, path: str) -> None:
    for method in ("POST", "GET", "PUT"):
        with socket.create_connection(("127.0.0.1", running.served.port), timeout=5) as connection:
            began = time.monotonic()
            head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99\r\n\r\n"
            connection.sendall(head.encode())
            received = b""
            while some := connection.recv(65536):
                received += some
            assert received.startswith(b"HTTP/1.1 ") and b"connection: close" in received.lower()
            assert time.monotonic() - began < 3


def test_many_with_an_unfinished_body_lock_nobody_out(running: Running) -> None:
    path = path_of(running.feed())
    held: list[socket.socket] = []
    try:
        for _ in range(799):
            connection = socket.create_connection(("127.0.0.1", running.served.port), timeout=5)
            held.append(connection)
            connection.sendall(b"POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n")
            assert connection.recv(4096)
            with suppress(ConnectionError):
                connection.sendall(b"x")
        assert running.served.get(path).status == 200
        assert running.served.get("/healthz").status == 200
    finally:
        for connection in held:
            connection.close()


async def echo(scope, receive, send) -> None:  # type: ignore[no-untyped-def]
    """A WebSocket that says what it hears."""
    assert (await receive())["type"] == "websocket.connect"
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": message["text"]})


@pytest.mark.usefixtures("short")
def test_a_websocket_stays_open() -> None:
    """The screens' connection lasts as long as somebody looks at them."""

    async def talk() -> list[str]:
        config = Config(echo, http=Deadlines, ws="websockets-sansio", lifespan="off", log_config=None)
        config.load()
        server = await asyncio.get_running_loop().create_server(
            lambda: Deadlines(config=config, server_state=ServerState(), app_state={}), "127.0.0.1", 0
        )
        heard = []
        async with server, connect(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}") as socket_:
            for word in ("early", "late"):
                await socket_.send(word)
                heard.append(str(await socket_.recv()))
                await asyncio.sleep(PAST)
        return heard

    assert asyncio.run(talk()) == ["early", "late"]
