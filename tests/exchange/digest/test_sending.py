"""Handing a mail to servers: a real one with TLS and a password, and ones that misbehave at every step."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from planner.exchange.digest import smtp_connection
from planner.exchange.digest.sending import MailError, RefusedError, ServerError, UnknownOutcomeError, send_mail, tls_context
from planner.exchange.digest.smtp_settings import SmtpSettings, SmtpSettingsError
from tests.exchange.digest.mail_servers import (
    PASSWORD,
    POLITE,
    USER,
    Certificate,
    MailServer,
    bad_server,
    following,
    free_port,
    make_certificate,
)

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # aiosmtpd's; the line is encrypted anyway
SENDER, TO = "planner@hospital.example", "nurse@hospital.example"
MAIL = b"Subject: x\r\n\r\nA line\r\n.\r\n..two\r\nlast\r\n"


def send(settings: SmtpSettings, to: str = TO) -> None:
    send_mail(settings, tls_context(settings), SENDER, to, MAIL)


def failure(settings: SmtpSettings, kind: type[MailError]) -> str:
    """The sentence of a mail that cannot be sent."""
    with pytest.raises(MailError) as caught:
        send(settings)
    assert type(caught.value) is kind
    assert PASSWORD not in str(caught.value)
    return str(caught.value)


class TestRealServer:
    def test_by_starttls_with_a_password(self, mail_server: MailServer) -> None:
        send(mail_server.settings())
        (mail,) = mail_server.received
        assert (mail.sender, mail.recipients, mail.content, mail.was_secured) == (SENDER, [TO], MAIL, True)
        assert mail_server.logins == [(USER.encode(), PASSWORD.encode())]

    def test_by_tls_from_the_first_byte(self, certificate: Certificate) -> None:
        with MailServer.running(certificate, "tls") as server:
            send(server.settings())
            assert [mail.content for mail in server.received] == [MAIL]
            assert server.logins == [(USER.encode(), PASSWORD.encode())]

    def test_in_the_open_on_this_computer(self, certificate: Certificate) -> None:
        with MailServer.running(certificate, "none") as server:
            send(server.settings())
            assert [mail.content for mail in server.received] == [MAIL]

    def test_a_certificate_that_nobody_vouches_for(self, mail_server: MailServer) -> None:
        assert "is not trusted" in failure(mail_server.settings(authority=None), ServerError)
        assert not mail_server.logins

    def test_a_certificate_of_another_host(self, tmp_path: Path) -> None:
        with MailServer.running(make_certificate(tmp_path, "mail.elsewhere.example"), "tls") as server:
            assert "is not trusted (Hostname mismatch" in failure(server.settings(), ServerError)
            assert not server.logins

    def test_a_wrong_password(self, mail_server: MailServer) -> None:
        assert "does not let us sign in (535)" in failure(mail_server.settings(password="wrong"), ServerError)
        assert mail_server.logins == [(USER.encode(), b"wrong")]  # once: some servers lock an account after three
        assert not mail_server.received

    def test_starttls_where_it_is_not_offered_sends_no_password(self, certificate: Certificate) -> None:
        with MailServer.running(certificate, "none") as server:
            assert "does not offer STARTTLS" in failure(server.settings(tls="starttls", user=USER, password=PASSWORD), ServerError)
            assert not server.logins

    def test_tls_where_the_server_begins_in_the_open(self, mail_server: MailServer) -> None:
        assert "speaks no TLS" in failure(mail_server.settings(tls="tls"), ServerError)

    @pytest.mark.parametrize("others", [["PLAIN"], ["LOGIN"]])
    def test_by_each_way_of_signing_in(self, certificate: Certificate, others: list[str]) -> None:
        with MailServer.running(certificate, "starttls", auth_exclude_mechanism=others) as server:
            send(server.settings())
            assert server.logins == [(USER.encode(), PASSWORD.encode())]
            assert len(server.received) == 1

    def test_a_sender_refused(self, mail_server: MailServer) -> None:
        mail_server.sender_answer = f"550 5.7.1 {PASSWORD} go away"
        assert failure(mail_server.settings(), RefusedError).endswith("refuses the sender (550 5.7.1). Check PLANNER_MAIL_FROM.")

    def test_a_recipient_refused_for_now_or_for_good(self, mail_server: MailServer) -> None:
        mail_server.answers[TO] = f"550 5.1.1 <{TO}> unknown"
        assert failure(mail_server.settings(), RefusedError).endswith("refuses the recipient (550 5.1.1). Check the address.")
        mail_server.answers[TO] = "451 4.7.1 greylisted"
        assert "does not take the recipient now (451 4.7.1)" in failure(mail_server.settings(), RefusedError)
        del mail_server.answers[TO]
        send(mail_server.settings())
        assert len(mail_server.received) == 1

    def test_a_file_that_holds_no_certificates(self, mail_server: MailServer, tmp_path: Path) -> None:
        (tmp_path / "empty.pem").write_text("nothing")
        with pytest.raises(SmtpSettingsError, match="holds no certificates"):
            tls_context(mail_server.settings(authority=tmp_path / "empty.pem"))


class TestBadServer:
    def test_the_polite_one_is_fine(self) -> None:
        with bad_server(following(*POLITE)) as settings:
            send(settings)

    def test_down(self) -> None:
        assert "cannot be reached (Connection refused)" in failure(SmtpSettings("127.0.0.1", free_port(), "none"), ServerError)

    def test_a_name_that_there_is_not(self) -> None:
        assert "is not known in this network" in failure(SmtpSettings("mail.invalid", 25, "starttls"), ServerError)

    def test_closes_at_once(self) -> None:
        with bad_server(lambda line: None) as settings:
            assert "dropped the line" in failure(settings, ServerError)

    @pytest.mark.parametrize(
        ("answered", "kind"), [(0, ServerError), (1, RefusedError), (2, RefusedError), (3, RefusedError), (4, UnknownOutcomeError)]
    )
    def test_drops_the_line_after_each_command(self, answered: int, kind: type[MailError]) -> None:
        steps = [*POLITE[:answered], (POLITE[answered][0], b"")]
        with bad_server(following(*steps)) as settings:
            said = failure(settings, kind)
        assert "dropped the line" in said
        assert ("may have been sent or not" in said) == (kind is UnknownOutcomeError)

    def test_drops_the_line_in_the_middle_of_the_mail(self) -> None:
        with bad_server(following(*POLITE[:3], (b"DATA", b"354 go\r\n"), (b"SUBJECT", b""))) as settings:
            failure(settings, UnknownOutcomeError)

    def test_drops_the_line_after_taking_the_mail(self) -> None:
        with bad_server(following(*POLITE[:5])) as settings:
            send(settings)

    def test_refuses_the_mail_itself(self) -> None:
        with bad_server(following(*POLITE[:4], (b".\r\n", b"554 5.6.0 no\r\n"))) as settings:
            assert failure(settings, RefusedError).endswith("refuses the mail (554 5.6.0). Ask who runs the server.")

    def test_goes_down_between_commands(self) -> None:
        with bad_server(following(POLITE[0], (b"MAIL", b"421 4.3.2 going down\r\n"))) as settings:
            assert "closes (421 4.3.2). Try again later." in failure(settings, ServerError)

    def test_sends_us_away(self) -> None:
        with bad_server(lambda line: line.sendall(b"554 no service\r\n")) as settings:
            assert "sends us away (554)" in failure(settings, ServerError)

    @pytest.mark.parametrize("answer", [b"HTTP/1.1 200 OK\r\n\r\n", b"\x00\xff\r\n", b"\r\n", b"22x hello\r\n"])
    def test_answers_nonsense(self, answer: bytes) -> None:
        with bad_server(lambda line: line.sendall(answer)) as settings:
            assert "no mail server's answer" in failure(settings, ServerError)

    @pytest.mark.parametrize("piece", [b"2" * 10_000, b"220-more\r\n" * 1_000])
    def test_a_banner_of_ten_megabytes_is_not_kept(self, piece: bytes) -> None:
        sent = 0

        def flood(line: socket.socket) -> None:
            nonlocal sent
            while sent < 10_000_000:
                line.sendall(piece)
                sent += len(piece)

        with bad_server(flood) as settings:
            assert "more than 65536 characters at once" in failure(settings, ServerError)

    def test_commands_smuggled_in_before_tls_begins(self) -> None:
        steps = ((b"EHLO", b"250-here\r\n250 STARTTLS\r\n"), (b"STARTTLS", b"220 go\r\n250 AUTH PLAIN\r\n"))
        with bad_server(following(*steps)) as settings:
            said = failure(SmtpSettings(settings.host, settings.port, "starttls", USER, PASSWORD), ServerError)
        assert "before TLS begins" in said

    def test_a_trickle_ends(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(smtp_connection, "MAIL_SECONDS", 1.5)
        monkeypatch.setattr(smtp_connection, "COMMAND_SECONDS", 1.0)

        def trickle(line: socket.socket) -> None:
            for _ in range(100):
                line.sendall(b"2")
                time.sleep(0.1)

        with bad_server(trickle) as settings:
            began = time.monotonic()
            assert "took longer than" in failure(settings, ServerError)
            assert 1 < time.monotonic() - began < 4

    @pytest.mark.parametrize("answered", [0, 1, 2, 3, 4])
    def test_silence_ends_at_each_step(self, answered: int, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(smtp_connection, "COMMAND_SECONDS", 0.3)

        def quiet(line: socket.socket) -> None:
            following(*POLITE[:answered], (POLITE[answered][0], b""))(line)
            line.settimeout(10)
            while line.recv(1000):
                pass

        with bad_server(quiet) as settings:
            said = failure(settings, ServerError)
        assert "took longer than" in said
        assert ("may have been sent or not" in said) == (answered == 4)

    def test_silence_in_the_handshake_ends(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(smtp_connection, "COMMAND_SECONDS", 0.3)

        def quiet(line: socket.socket) -> None:
            line.settimeout(10)
            while line.recv(1000):
                pass

        with bad_server(quiet) as settings:
            began = time.monotonic()
            said = failure(SmtpSettings(settings.host, settings.port, "tls"), ServerError)
            assert "did not answer within" in said
            assert time.monotonic() - began < 3

    def test_ways_of_signing_in_that_nobody_knows(self, certificate: Certificate) -> None:
        def script(line: socket.socket) -> None:
            secured = certificate.server_context().wrap_socket(line, server_side=True)
            following((b"EHLO", b"250-here\r\n250 AUTH GSSAPI\r\n"))(secured)

        with bad_server(script) as settings:
            secure = SmtpSettings("localhost", settings.port, "tls", USER, PASSWORD, certificate.certificate)
            assert "no way of signing in" in failure(secure, ServerError)

    def test_endless_challenges_end(self, certificate: Certificate) -> None:
        def script(line: socket.socket) -> None:
            secured = certificate.server_context().wrap_socket(line, server_side=True)
            following((b"EHLO", b"250-here\r\n250 AUTH LOGIN\r\n"), (b"AUTH", b"334 \r\n"), *[(b"", b"334 \r\n")] * 50)(secured)

        with bad_server(script) as settings:
            secure = SmtpSettings("localhost", settings.port, "tls", USER, PASSWORD, certificate.certificate)
            assert "no way of signing in" in failure(secure, ServerError)
