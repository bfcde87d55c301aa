"""To which hosts a password or a worklist may go in the open."""

from collections.abc import Callable

import pytest

from planner.exchange.calendar_server.address import CalendarAddressError, server_address
from planner.exchange.digest.smtp_settings import SmtpSettingsError, smtp_settings
from planner.exchange.feed_address import FeedAddressError, checked_base
from planner.exchange.this_machine import is_this_machine

HERE = ["localhost", "LocalHost", "127.0.0.1", "127.8.9.1", "::1", "0:0:0:0:0:0:0:1"]
ELSEWHERE = [
    "",
    "localhost.example.org",
    "localhost.",
    "128.0.0.1",
    "10.0.0.1",
    "0.0.0.0",
    "::",
    "::2",
    "fe80::1",
    "127.1",
]


@pytest.mark.parametrize("host", HERE)
def test_this_machine(host: str) -> None:
    assert is_this_machine(host)


@pytest.mark.parametrize("host", ELSEWHERE)
def test_another_machine(host: str) -> None:
    assert not is_this_machine(host)


@pytest.mark.parametrize(("host", "is_here"), [*((host, True) for host in HERE), *((host, False) for host in ELSEWHERE if host)])
def test_feeds_calendars_and_mail_agree_on_it(host: str, is_here: bool) -> None:
    url = f"http://[{host}]/x" if ":" in host else f"http://{host}/x"
    said = [_is_taken(lambda: checked_base(url), FeedAddressError), _is_taken(lambda: server_address(url), CalendarAddressError)]
    said.append(_is_taken(lambda: smtp_settings({"PLANNER_SMTP_HOST": host, "PLANNER_SMTP_TLS": "none"}), SmtpSettingsError))
    assert said == [is_here] * 3


def _is_taken(ask: Callable[[], object], refusal: type[ValueError]) -> bool:
    try:
        ask()
    except refusal:
        return False
    return True
