"""Which addresses and which servers are taken, and what is said of others."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.exchange.digest.addresses import AddressError, Recipient, recipient, require_address
from planner.exchange.digest.smtp_settings import SmtpSettingsError, domain_of_accounts, sender_of, smtp_settings
from planner.records.facts.account import AccountError

HOST = {"PLANNER_SMTP_HOST": "mail.hospital.example"}
LOGIN = {"PLANNER_SMTP_USER": "planner", "PLANNER_SMTP_PASSWORD": "correct-horse"}


@pytest.mark.parametrize(
    ("text", "domain", "address"),
    [
        ("anna", "hospital.example", "anna@hospital.example"),
        ("anna@hospital.example", "other.example", "anna@hospital.example"),
        ("anna=a.b+c@x-y.example", "", "a.b+c@x-y.example"),
        ("anna=root@localhost", "hospital.example", "root@localhost"),
    ],
)
def test_an_address_follows(text: str, domain: str, address: str) -> None:
    assert recipient(text, domain) == Recipient(text.split("=")[0], address)


HOSTILE = [
    "a@b.example\r\nBcc: all@b.example",
    "a@b.example\nSubject: x",
    "a@b.example\n",
    "a@b.example,c@b.example",
    "a@b.example c@b.example",
    "Anna <a@b.example>",
    "<a@b.example>",
    "a@b.example>",
    "a@b@c.example",
    '"a b"@c.example',
    "a@[127.0.0.1]",
    "@b.example",
    "a@",
    "a",
    "",
    ".a@b.example",
    "a..b@c.example",
    "a@-b.example",
    "a@b..example",
    "a@b.example.",
    "ä@b.example",
    "a@bücher.example",
    "a\x00@b.example",
    "a" * 65 + "@b.example",
    "a@" + ".".join(["b" * 60] * 5),
]


@pytest.mark.parametrize("address", HOSTILE)
def test_what_is_not_one_plain_address_is_refused(address: str) -> None:
    with pytest.raises(AddressError) as caught:
        recipient(f"anna={address}", "")
    assert "\n" not in str(caught.value) and "Bcc" not in str(caught.value)


@given(st.text(alphabet=st.characters(), max_size=40))
def test_no_address_that_is_taken_can_end_a_header(text: str) -> None:
    for whole in (text, f"a@b.example{text}", f"{text}@b.example"):
        try:
            require_address(whole, "x")
        except AddressError:
            continue
        assert whole.isascii() and whole.isprintable() and not set(' ,;:<>()[]"\\') & set(whole) and whole.count("@") == 1


@pytest.mark.parametrize("account", ["Anna Muster", "", "a\nb", "anna;", "-anna"])
def test_what_is_no_account_is_refused(account: str) -> None:
    with pytest.raises(AccountError):
        recipient(f"{account}=a@b.example", "")


def test_an_account_without_an_address_is_told_what_would_make_one() -> None:
    with pytest.raises(AddressError, match=r"Set PLANNER_MAIL_DOMAIN .* or write anna=ADDRESS"):
        recipient("anna", "")


@pytest.mark.parametrize(("tls", "port"), [("", 587), ("starttls", 587), ("TLS", 465)])
def test_the_usual_port_of_each_way(tls: str, port: int) -> None:
    assert smtp_settings(HOST | LOGIN | {"PLANNER_SMTP_TLS": tls}).port == port


def test_a_server_on_this_computer_may_do_without_tls() -> None:
    for host in ("localhost", "127.0.0.1", "127.8.8.8", "::1"):
        found = smtp_settings({"PLANNER_SMTP_HOST": host, "PLANNER_SMTP_TLS": "none"})
        assert (found.host, found.port, found.tls) == (host, 25, "none")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Set PLANNER_SMTP_HOST"),
        ({"PLANNER_SMTP_HOST": "smtp://mail.example"}, "PLANNER_SMTP_HOST is no host name"),
        ({"PLANNER_SMTP_HOST": "mail.example:25"}, "PLANNER_SMTP_HOST is no host name"),
        ({"PLANNER_SMTP_HOST": "mail example"}, "PLANNER_SMTP_HOST is no host name"),
        (HOST | {"PLANNER_SMTP_TLS": "ssl"}, "PLANNER_SMTP_TLS is none of"),
        (HOST | {"PLANNER_SMTP_TLS": "none"}, "only for a server on this computer"),
        ({"PLANNER_SMTP_HOST": "10.0.0.1", "PLANNER_SMTP_TLS": "none"}, "only for a server on this computer"),
        ({"PLANNER_SMTP_HOST": "localhost.evil.example", "PLANNER_SMTP_TLS": "none"}, "only for a server on this computer"),
        (LOGIN | {"PLANNER_SMTP_HOST": "localhost", "PLANNER_SMTP_TLS": "none"}, "sends no password"),
        (HOST | {"PLANNER_SMTP_PORT": "0"}, "PLANNER_SMTP_PORT is no port"),
        (HOST | {"PLANNER_SMTP_PORT": "99999"}, "PLANNER_SMTP_PORT is no port"),
        (HOST | {"PLANNER_SMTP_PORT": "25a"}, "PLANNER_SMTP_PORT is no port"),
        (HOST | {"PLANNER_SMTP_USER": "planner"}, "PLANNER_SMTP_USER is set and PLANNER_SMTP_PASSWORD is not"),
        (HOST | {"PLANNER_SMTP_PASSWORD": "correct-horse"}, "PLANNER_SMTP_PASSWORD is set and PLANNER_SMTP_USER is not"),
        (HOST | LOGIN | {"PLANNER_SMTP_PASSWORD": "correct-hörse"}, "PLANNER_SMTP_PASSWORD holds characters"),
        (HOST | LOGIN | {"PLANNER_SMTP_USER": "a\r\nRCPT"}, "PLANNER_SMTP_USER holds characters"),
        (HOST | {"PLANNER_SMTP_CA": "/nowhere/ca.pem"}, "there is no file /nowhere/ca.pem"),
    ],
)
def test_wrong_settings_are_named(given: dict[str, str], said: str) -> None:
    with pytest.raises(SmtpSettingsError) as caught:
        smtp_settings(given)
    assert said in str(caught.value)
    assert "correct" not in str(caught.value)


def test_the_password_is_shown_nowhere(tmp_path: Path) -> None:
    settings = smtp_settings(HOST | LOGIN)
    assert settings.password == "correct-horse"
    assert "correct-horse" not in f"{settings} {settings!r} {settings.place}"


def test_the_sender_and_the_domain() -> None:
    assert sender_of({"PLANNER_MAIL_FROM": " planner@hospital.example "}) == "planner@hospital.example"
    with pytest.raises(SmtpSettingsError, match="Set PLANNER_MAIL_FROM"):
        sender_of({})
    with pytest.raises(AddressError, match="PLANNER_MAIL_FROM: one plain mail address"):
        sender_of({"PLANNER_MAIL_FROM": "a@b.example\r\nBcc: x@y.example"})
    assert domain_of_accounts({}) == ""
    assert domain_of_accounts({"PLANNER_MAIL_DOMAIN": "hospital.example"}) == "hospital.example"
    with pytest.raises(AddressError, match="PLANNER_MAIL_DOMAIN: what stands behind the @"):
        domain_of_accounts({"PLANNER_MAIL_DOMAIN": "@hospital.example"})
