"""To whom a worklist is mailed: an account, and the address that it is, has or is given. Addresses are never stored."""

from __future__ import annotations

import re
from dataclasses import dataclass

from planner.records.errors import RecordsError
from planner.records.facts.account import require_account

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*", re.ASCII)
_ADDRESS = re.compile(rf"(?P<local>{_ATOM}(?:\.{_ATOM})*)@(?P<domain>{_LABEL}(?:\.{_LABEL})*)", re.ASCII)
LONGEST_ADDRESS = 254
"""Octets, of which 64 before the @ (RFC 5321)."""
LONGEST_LOCAL_PART = 64


class AddressError(RecordsError, ValueError):
    """Not one plain mail address; the message says what is needed."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whose worklist it is, and where it goes."""

    account: str
    address: str


def require_address(text: str, what: str) -> str:
    """``text`` itself, if it is one plain mail address: no name, no second address, no line end. Raises AddressError, naming ``what``."""
    found = _ADDRESS.fullmatch(text)
    if found is None or len(text) > LONGEST_ADDRESS or len(found["local"]) > LONGEST_LOCAL_PART:
        raise AddressError(
            f"{what}: one plain mail address is needed, such as nurse1@hospital.example, in ASCII, with no name, space or second address."
        )
    return text


def require_domain(text: str, what: str) -> str:
    """``text`` itself, if it can stand behind the @ of an address. Raises AddressError, naming ``what``."""
    if _DOMAIN.fullmatch(text) is None or len(text) > LONGEST_ADDRESS - LONGEST_LOCAL_PART - 1:
        raise AddressError(f"{what}: what stands behind the @ of mail addresses is needed, such as hospital.example.")
    return text


def domain_of(address: str) -> str:
    """What stands behind the @."""
    return address.rpartition("@")[2]


def recipient(text: str, domain: str) -> Recipient:
    """``ACCOUNT`` or ``ACCOUNT=ADDRESS``; an account alone is its own address, or gets ``@`` and the domain ("": none is set).

    Raises AccountError for what is no account, AddressError where no address follows from it.
    """
    account, given, address = text.partition("=")
    require_account(account)
    if given:
        return Recipient(account, require_address(address, f"The address of {account}"))
    if "@" in account:
        return Recipient(account, require_address(account, f"The account {account}, which has an @"))
    if not domain:
        raise AddressError(
            f"There is no mail address for {account}. Set PLANNER_MAIL_DOMAIN to what stands behind the @ of your accounts, or write "
            f"{account}=ADDRESS."
        )
    return Recipient(account, require_address(f"{account}@{domain}", f"The address of {account}"))
