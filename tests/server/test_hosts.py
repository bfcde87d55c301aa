"""Under which names the screens answer, to whose pages, and that feeds answer under any."""

from __future__ import annotations

import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from planner.server.own_names import own_names
from tests.server.clinic import Clinic, path_of
from tests.server.conftest import Running
from tests.server.serving import PLANNER, Answer, Served, planner, serving
from tests.ui.browser import wait_until_settled
from tests.ui.conftest import CHROMIUM, QUIET, skip_or_fail

PUBLIC = "planner.example.org"
FOREIGN = ["evil.example", "evil.example:8501", "127.0.0.1.evil.example", "localhost.evil.example", "203.0.113.9", "", "x@127.0.0.1", "["]


def test_own_names() -> None:
    names = own_names("Desk.Local", ["https://Planner.example.org:8443/here"])
    here = "192.0.2.7"
    own = ["localhost", "LOCALHOST:1", "127.0.0.1:8501", "127.8.9.1", "[::1]:8501", "192.0.2.7:80", "desk.local", f"{PUBLIC}:8443", PUBLIC]
    assert [host for host in own if not names.holds(host, here)] == []
    odd = [
        *FOREIGN,
        "192.0.2.8",
        "0.0.0.0",
        "localhost.",
        "127.0.0.1/",
        "127.0.0.1#x",
        f"{PUBLIC}.evil.example",
        "here",
        "::1",
        "[::1",
        "1",
    ]
    assert [host for host in odd if names.holds(host, here)] == []
    assert not own_names("127.0.0.1", []).holds("", "")


def opened(served: Served, host: str, origin: str | None) -> ClientConnection:
    """A browser's connection to the screens that says this ``Host``."""
    return connect(
        f"ws://{host}/_stcore/stream",
        subprotocols=[Subprotocol("streamlit")],
        origin=None if origin is None else Origin(origin),
        sock=socket.create_connection(("127.0.0.1", served.port)),
    )


def bare(answer: Answer) -> tuple[int, bytes]:
    assert "content-type" not in answer.headers
    return answer.status, answer.body


@pytest.mark.parametrize("host", FOREIGN)
def test_a_foreign_name_that_leads_here_shows_no_screen(running: Running, host: str) -> None:
    for path in ("/", "/_stcore/health", "/_stcore/host-config", "/static/index.html"):
        answer = raw(running.served, path, host)
        assert answer.startswith(b"HTTP/1.1 400 ") and answer.partition(b"\r\n\r\n")[2] == b"", path


def raw(served: Served, path: str, host: str) -> bytes:
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        received = b""
        while some := connection.recv(65536):
            received += some
        return received


@pytest.mark.parametrize("origin", ["http://evil.example:8501", None])
def test_a_foreign_name_that_leads_here_gets_no_connection(running: Running, origin: str | None) -> None:
    with pytest.raises(InvalidStatus) as refused:
        opened(running.served, "evil.example:8501", origin)
    assert refused.value.response.status_code == 403


def test_feeds_and_the_health_check_answer_under_any_name(running: Running) -> None:
    path = path_of(running.feed())
    for host in ("evil.example", "localhost", PUBLIC):
        assert raw(running.served, path, host).startswith(b"HTTP/1.1 200 ")
        assert raw(running.served, "/healthz", host).startswith(b"HTTP/1.1 200 ")


def test_the_screens_answer_under_the_public_name(clinic: Clinic, written: Path) -> None:
    """As behind a reverse proxy that passes ``Host`` on as it came."""
    with serving(str(clinic.database.url), written, PLANNER_PUBLIC_URL=f" https://{PUBLIC}/ ") as served:
        for host in (PUBLIC, f"{PUBLIC}:443", "localhost"):
            assert raw(served, "/_stcore/health", host).startswith(b"HTTP/1.1 200 ")
        assert raw(served, "/_stcore/health", "evil.example").startswith(b"HTTP/1.1 400 ")
        with opened(served, PUBLIC, f"https://{PUBLIC}") as socket_:
            assert socket_.subprotocol == "streamlit"
        with pytest.raises(InvalidStatus):
            opened(served, PUBLIC, "https://evil.example")


def test_the_address_where_others_come_in_is_a_name(clinic: Clinic, written: Path) -> None:
    call = [*PLANNER, "serve", "--port", "0", "--address", "0.0.0.0"]
    with serving(str(clinic.database.url), written, call) as served, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("This machine has no address but its loopback ones.")
        mine = asking.getsockname()[0]
        with socket.create_connection((mine, served.port), timeout=10) as connection:
            connection.sendall(f"GET /_stcore/health HTTP/1.1\r\nHost: {mine}:{served.port}\r\n\r\n".encode())
            assert connection.recv(12) == b"HTTP/1.1 200"


def test_a_public_address_that_is_none_is_named(sqlite_url: str) -> None:
    answer = planner(sqlite_url, "serve", "--port", "0", PLANNER_PUBLIC_URL="http://planner.example.org")
    assert answer.returncode == 2 and answer.stderr.startswith("PLANNER_PUBLIC_URL: http://planner.example.org would show")


def test_no_page_may_frame_the_screens(running: Running) -> None:
    for path in ("/", "/_stcore/health", "/none"):
        headers = running.served.get(path).headers
        assert headers["content-security-policy"] == "frame-ancestors 'none'" and headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    "before",
    ["/FEED", "/Feed", "/./feed", "/../feed", "/x/../feed", "//feed", "/%2e/feed", "/%46EED", "/x/%2e%2e/feed", "/\\feed", "/.%2ffeed"],
)
def test_what_looks_like_a_feed_is_the_bare_404(running: Running, before: str) -> None:
    token = running.feed().token
    for path in (f"{before}/{token}.ics", f"{before}/{token}/2.ics", before):
        assert bare(running.served.get(path)) == (404, b""), path


def test_a_slow_upload_to_the_screens_arrives(running: Running) -> None:
    """The screens have no upload yet; Streamlit's own way in must not be cut off."""
    served = running.served
    with opened(served, f"127.0.0.1:{served.port}", served.address) as session:
        session.send(BackMsg(rerun_script=ClientState()).SerializeToString())
        name = ""
        while not name:
            answer = session.recv(timeout=60)
            assert isinstance(answer, bytes)
            name = ForwardMsg.FromString(answer).new_session.initialize.session_id
        cookie = served.get("/_stcore/health").headers.get("set-cookie", "") or served.get("/_stcore/host-config").headers["set-cookie"]
        found = re.match(r"_streamlit_xsrf=([^;]+)", cookie)
        assert found is not None
        body = b'--b\r\nContent-Disposition: form-data; name="f"; filename="f.csv"\r\n\r\n' + b"a,b\r\n" * 20_000 + b"\r\n--b--\r\n"
        with socket.create_connection(("127.0.0.1", served.port), timeout=20) as connection:
            connection.sendall(
                f"PUT /_stcore/upload_file/{name}/f1 HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nCookie: _streamlit_xsrf={found[1]}\r\n"
                f"X-Xsrftoken: {found[1]}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            )
            for start in range(0, len(body), 10_000):
                time.sleep(0.3)
                connection.sendall(body[start : start + 10_000])
            head = connection.recv(65536)
            assert head.startswith(b"HTTP/1.1 204"), head
            # The connection is kept for the next request.
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            assert connection.recv(12) == b"HTTP/1.1 200"


@pytest.mark.e2e
def test_a_browser_shows_the_screens_and_frames_them_nowhere(running: Running, tmp_path: Path) -> None:
    if not CHROMIUM.exists():
        skip_or_fail(f"No Chromium at {CHROMIUM}: install Debian's (apt-get install chromium) or set CHROMIUM to one.")
    # In a thread of its own: another test of this process may have a browser too.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(look, running.served.address, tmp_path).result()


def look(address: str, tmp_path: Path) -> None:
    """Open the screens, and a page that frames them."""
    (tmp_path / "framing.html").write_text(f'<iframe src="{address}/"></iframe>', encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page()
        faults: list[str] = []
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.goto(address)
        wait_until_settled(page)
        assert page.get_by_role("heading", level=1).is_visible()
        assert [fault for fault in faults if "frame" in fault.lower() or "security policy" in fault.lower()] == []
        page.goto((tmp_path / "framing.html").as_uri())
        page.wait_for_timeout(2000)
        assert any("frame-ancestors" in fault for fault in faults)
        assert len(page.frames) == 2 and page.frames[1].get_by_role("heading").count() == 0
        browser.close()
