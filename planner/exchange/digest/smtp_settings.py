"""Which mail server is used, and as whom: from the environment alone. The password is in no message and no log."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from planner.exchange.digest.addresses import require_address, require_domain
from planner.exchange.this_machine import is_this_machine
from planner.records.errors import RecordsError

Tls = Literal["starttls", "tls", "none"]

HOST, PORT, TLS = "PLANNER_SMTP_HOST", "PLANNER_SMTP_PORT", "PLANNER_SMTP_TLS"
USER, PASSWORD, AUTHORITY = "PLANNER_SMTP_USER", "PLANNER_SMTP_PASSWORD", "PLANNER_SMTP_CA"
SENDER, DOMAIN = "PLANNER_MAIL_FROM", "PLANNER_MAIL_DOMAIN"

_PORTS: Mapping[Tls, int] = {"starttls": 587, "tls": 465, "none": 25}
_HOST_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?", re.ASCII)


class SmtpSettingsError(RecordsError, ValueError):
    """A setting is missing or wrong; the message names the variable and what would be right."""


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """A mail server and how to speak to it."""

    host: str
    port: int
    tls: Tls
    """By STARTTLS, from the first byte on, or none (a server on this computer only)."""
    user: str = ""
    """ "": mail is handed in without signing in."""
    password: str = field(default="", repr=False)
    authority: Path | None = None
    """A file of certificates (PEM) that vouch for the server, instead of the system's."""

    @property
    def place(self) -> str:
        """The server as sentences name it."""
        return f"{self.host}, port {self.port}"


def smtp_settings(environment: Mapping[str, str]) -> SmtpSettings:
    """The mail server of ``PLANNER_SMTP_...``. Raises SmtpSettingsError."""
    host = environment.get(HOST, "").strip()
    if not host:
        raise SmtpSettingsError(f"No mail server is set. Set {HOST} to its name, such as mail.hospital.example.")
    if _HOST_NAME.fullmatch(host) is None and not _is_ip_address(host):
        raise SmtpSettingsError(f"{HOST} is no host name. Write one as mail.hospital.example; the port goes into {PORT}.")
    tls = _tls(environment.get(TLS, "").strip() or "starttls")
    user, password = environment.get(USER, ""), environment.get(PASSWORD, "")
    _require_credentials(user, password)
    if tls == "none" and not is_this_machine(host):
        raise SmtpSettingsError(
            f"{TLS}=none is only for a server on this computer (localhost, 127.0.0.1, ::1): no worklist goes over a network in the open. "
            "Set it to starttls or tls."
        )
    if tls == "none" and user:
        raise SmtpSettingsError(f"{TLS}=none sends no password. Set it to starttls or tls, or leave {USER} and {PASSWORD} out.")
    return SmtpSettings(
        host, _port(environment.get(PORT, "").strip(), _PORTS[tls]), tls, user, password, _authority(environment.get(AUTHORITY, ""))
    )


def sender_of(environment: Mapping[str, str]) -> str:
    """The address that the mails come from. Raises SmtpSettingsError, AddressError."""
    sender = environment.get(SENDER, "").strip()
    if not sender:
        raise SmtpSettingsError(f"Nobody says whom the mails come from. Set {SENDER} to an address, such as planner@hospital.example.")
    return require_address(sender, SENDER)


def domain_of_accounts(environment: Mapping[str, str]) -> str:
    """What stands behind the @ of accounts that are no addresses themselves; "" where it is not set. Raises AddressError."""
    domain = environment.get(DOMAIN, "").strip()
    return require_domain(domain, DOMAIN) if domain else ""


def _is_ip_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _tls(text: str) -> Tls:
    for known in get_args(Tls):
        if text.lower() == known:
            found: Tls = known
            return found
    raise SmtpSettingsError(f"{TLS} is none of starttls (the usual one, port 587), tls (port 465) and none.")


def _port(text: str, usual: int) -> int:
    if not text:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and 0 < int(text) < 65536):
        raise SmtpSettingsError(f"{PORT} is no port. Write a number from 1 to 65535, or leave it out for {usual}.")
    return int(text)


def _require_credentials(user: str, password: str) -> None:
    if bool(user) != bool(password):
        missing, given = (PASSWORD, USER) if user else (USER, PASSWORD)
        raise SmtpSettingsError(f"{given} is set and {missing} is not. Set both, or neither for a server that asks for none.")
    for name, text in ((USER, user), (PASSWORD, password)):
        if not (text.isascii() and (text.isprintable() or not text)):
            raise SmtpSettingsError(f"{name} holds characters that mail servers do not take. Use ASCII letters, digits and signs.")


def _authority(text: str) -> Path | None:
    if not text.strip():
        return None
    path = Path(text.strip())
    if not path.is_file():
        raise SmtpSettingsError(
            f"{AUTHORITY}: there is no file {path}. Name the file of certificates (PEM) that vouch for your mail server."
        )
    return path
