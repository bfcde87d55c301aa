"""The addresses that a feed is subscribed under."""

from __future__ import annotations

import pytest

from planner.exchange.feed_address import FeedAddressError, checked_base, feed_address


@pytest.mark.parametrize(
    ("given", "base"),
    [
        ("https://planner.example.org", "https://planner.example.org"),
        (" https://Planner.example.org:8443/trials/ ", "https://planner.example.org:8443/trials"),
        ("http://127.0.0.1:8501/", "http://127.0.0.1:8501"),
        ("http://localhost", "http://localhost"),
        ("http://[::1]:8501", "http://[::1]:8501"),
    ],
)
def test_a_base_and_what_is_made_of_it(given: str, base: str) -> None:
    assert checked_base(given) == base
    address = feed_address(base, "TOKEN")
    assert address.web == f"{base}/feed/TOKEN.ics"
    assert address.webcal == f"webcal://{base.partition('://')[2]}/feed/TOKEN.ics"
    assert feed_address(base, "TOKEN", 2).web == f"{base}/feed/TOKEN/2.ics"
    assert "TOKEN" not in repr(address)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("http://planner.example.org", "https://planner.example.org"),
        ("http://10.0.0.1", "everybody on the way"),
        ("planner.example.org", "no web address"),
        ("ftp://planner.example.org", "no web address"),
        ("https://", "no web address"),
        ("https://a b", "no web address"),
        ("https://x:99999", "no web address"),
        ("https://[x", "no web address"),
        ("https://bücher.example", "no web address"),
        ("https://me:secret@planner.example.org", "no account"),
        ("https://planner.example.org/?x=1", "no account"),
        ("https://planner.example.org/#x", "no account"),
    ],
)
def test_what_is_no_base_is_refused(given: str, why: str) -> None:
    with pytest.raises(FeedAddressError, match=why) as refused:
        checked_base(given)
    assert "secret@" not in str(refused.value)
