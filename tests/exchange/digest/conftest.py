"""A mail server on this computer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.exchange.digest.mail_servers import Certificate, MailServer, make_certificate


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate of localhost that nothing but itself vouches for."""
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def mail_server(certificate: Certificate) -> Iterator[MailServer]:
    """A server that wants STARTTLS and a password."""
    with MailServer.running(certificate, "starttls") as server:
        yield server
