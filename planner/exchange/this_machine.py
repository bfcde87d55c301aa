"""Whether a host is this machine itself: what goes there goes over no network, so it may go in the open."""

from __future__ import annotations

from ipaddress import ip_address


def is_this_machine(host: str) -> bool:
    """Whether a host's name or address, without a port or brackets, is ``localhost`` or a loopback address; nothing is looked up."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
