"""Running the web process: its socket, its limits, its logs, its end."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass
from ipaddress import ip_address

from planner.records.errors import RecordsError
from planner.server.feed_source import FeedSource
from planner.server.own_names import own_names
from planner.server.rare_messages import OnceAMinute
from planner.server.redaction import keep_tokens_out_of_logs

MOST_CONNECTIONS = 800
"""Below what a process may usually have open; more get 503 at once."""
SECONDS_TO_STOP = 3
_WAITING = 512


class ListenError(RecordsError):
    """The address cannot be listened at; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Listening:
    """A socket that clients can connect to already."""

    socket: socket.socket
    name: str
    """The name or address that was asked for."""

    @property
    def address(self) -> str:
        """Such as ``http://127.0.0.1:8501``: for this machine, whatever else it listens at."""
        host, port = self.socket.getsockname()[:2]
        if ip_address(host).is_unspecified:
            host = "::1" if ":" in host else "127.0.0.1"
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    @property
    def is_open_to_others(self) -> bool:
        """Whether other machines can connect."""
        return not ip_address(self.socket.getsockname()[0]).is_loopback


def listen(address: str, port: int) -> Listening:
    """Listen at a host's name or address, 0 for any free port. Raises ListenError."""
    try:
        family = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        return Listening(socket.create_server((address, port), family=family, backlog=_WAITING), address)
    except (OSError, UnicodeError) as error:
        raise ListenError(
            f"Port {port} at {address[:64]} cannot be used: {_why(error)}. Is the planner running there already? "
            "Choose another with --port, or an address of this machine with --address."
        ) from None


def _why(error: OSError | UnicodeError) -> str:
    if isinstance(error, UnicodeError):
        return "it is no address"
    # Python's own text of other errors names the address once more.
    return str(error.strerror) if isinstance(error, socket.gaierror) else os.strerror(error.errno or 0)


def run(
    listening: Listening,
    source: FeedSource,
    forwarded_allow_ips: str | None,
    on_ready: Callable[[], None],
    public_urls: Collection[str] = (),
) -> None:
    """Serve until SIGTERM or SIGINT; ``on_ready`` is called once requests are answered.

    ``forwarded_allow_ips``: the proxies whose X-Forwarded-For is believed, as uvicorn has it; None for none.
    ``public_urls``: web addresses under whose names the screens answer too.
    """
    keep_tokens_out_of_logs()
    # Nothing where `--debug` has set up a log already.
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    import uvicorn

    from planner.server.deadlines import Deadlines
    from planner.server.web import MOST_OCTETS_OF_A_HEAD, web_app

    level = logging.DEBUG if logging.getLogger().getEffectiveLevel() <= logging.DEBUG else logging.WARNING
    config = uvicorn.Config(
        web_app(source, own_names(listening.name, public_urls), on_ready, public_urls),
        http=Deadlines,
        ws="websockets-sansio",
        interface="asgi3",
        lifespan="on",
        log_config=None,
        log_level=level,
        access_log=False,
        server_header=False,
        proxy_headers=forwarded_allow_ips is not None,
        forwarded_allow_ips=forwarded_allow_ips or "",
        h11_max_incomplete_event_size=MOST_OCTETS_OF_A_HEAD,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=SECONDS_TO_STOP,
        backlog=_WAITING,
    )
    logging.getLogger("uvicorn.error").addFilter(OnceAMinute())
    uvicorn.Server(config).run(sockets=[listening.socket])
