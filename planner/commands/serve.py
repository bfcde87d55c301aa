"""``serve``: the screens and the feeds, in one web process."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from planner.commands.failures import CallWrong, command, say
from planner.commands.output import tell


@command
def serve(
    port: Annotated[
        int, typer.Option("--port", metavar="N", help="The port to listen at; 0 for any that is free.", min=0, max=65535)
    ] = 8501,
    address: Annotated[
        str, typer.Option("--address", metavar="ADDRESS", help="The address to listen at; others than 127.0.0.1 let other machines in.")
    ] = "127.0.0.1",
    forwarded_allow_ips: Annotated[
        str | None,
        typer.Option(
            "--forwarded-allow-ips",
            metavar="ADDRESSES",
            help="The reverse proxies whose X-Forwarded-For is believed, separated by commas (none if not given).",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Serve the screens, and the feeds that calendar programs subscribe to, until stopped."""
    from planner.exchange.feed_address import ENVIRONMENT_VARIABLE, FeedAddressError, checked_base
    from planner.exchange.install_key import install_key
    from planner.exchange.today import now
    from planner.records.store.database import DatabaseError, default_url, require_database
    from planner.server.feed_source import FeedSource
    from planner.server.process import listen, run

    try:
        public_urls = [checked_base(text)] if (text := os.environ.get(ENVIRONMENT_VARIABLE, "").strip()) else []
    except FeedAddressError as error:
        raise CallWrong([f"{ENVIRONMENT_VARIABLE}: {error}"]) from None
    listening = listen(address, port)
    url = default_url(os.environ)
    key = install_key()
    try:
        require_database(url)
    except DatabaseError as error:
        say(f"{error} Or open the screens, which offer both. Until then there is no feed.")
    if listening.is_open_to_others:
        say(
            f"Other machines can reach {address}, and nothing is encrypted there: put a reverse proxy with TLS in front, or listen at "
            "127.0.0.1. The screens open for others only where a sign-in is configured (docs/sign-in.md)."
        )
    try:
        run(listening, FeedSource(url, key, now), forwarded_allow_ips, lambda: _tell_where(listening.address), public_urls)
    except KeyboardInterrupt:
        say("Stopped.")


def _tell_where(address: str) -> None:
    tell(f"The screens are at {address} and feeds at {address}/feed/... Stop with Ctrl+C.")
    sys.stdout.flush()
