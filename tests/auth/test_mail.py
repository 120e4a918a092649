"""Mail through a real SMTP server on this machine, and into the outbox."""

from __future__ import annotations

import logging
import socket
import ssl
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from omnix.auth.errors import MailError
from omnix.auth.letters import LANGUAGES, Occasion, Page, letter, link
from omnix.auth.mail import Letter, OutboxMailer, SmtpMailer, mailer, written

SENDER = "omnix <omnix@shop.example>"
LETTER = Letter("dana@shop.example", "omnix: שלום", "See https://shop.example/#token=abc\n", "he")


class Postman:
    """Keeps what it is handed; refuses recipients at `refused.example`."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address.endswith("@refused.example"):
            return f"550 no such person {address}"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Any, envelope: Any
    ) -> str:
        mail = message_from_bytes(envelope.content, policy=default)
        self.mails.append(cast(EmailMessage, mail))
        self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(postman: Postman, **options: Any) -> Iterator[int]:
    port = free_port()
    controller = Controller(postman, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


@pytest.fixture
def postman() -> Postman:
    return Postman()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context for this machine, and a client's that trusts it."""
    key = Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, None)
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(pem + made.public_bytes(Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=str(file))


def who(expected: tuple[str, str]) -> Callable[..., AuthResult]:
    def check(_server: Any, _session: Any, _envelope: Any, _how: str, data: Any) -> AuthResult:
        given = (data.login.decode(), data.password.decode())
        return AuthResult(success=given == expected, handled=given == expected)

    return check


def test_a_letter_arrives_whole(postman: Postman) -> None:
    with serving(postman) as port:
        SmtpMailer(f"smtp://127.0.0.1:{port}", SENDER).send(LETTER)
    [mail] = postman.mails
    assert postman.envelopes == [("omnix@shop.example", ["dana@shop.example"])]
    assert mail["Subject"] == LETTER.subject
    assert mail["From"] == SENDER
    assert mail["Content-Language"] == "he"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"].endswith("@shop.example>")
    assert mail.get_content().replace("\r\n", "\n") == LETTER.text
    assert mail.get_content_type() == "text/plain"


def test_starttls_is_taken_where_it_is_offered(postman: Postman, certificate: Any) -> None:
    server, client = certificate
    with serving(postman, tls_context=server, require_starttls=True) as port:
        SmtpMailer(f"smtp://localhost:{port}", SENDER, tls=client).send(LETTER)
    assert len(postman.mails) == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(
    postman: Postman, certificate: Any
) -> None:
    server, _ = certificate
    with serving(postman, tls_context=server) as port, pytest.raises(MailError, match="localhost"):
        SmtpMailer(f"smtp://localhost:{port}", SENDER).send(LETTER)
    assert postman.mails == []


def test_smtps_speaks_tls_from_the_first_byte(postman: Postman, certificate: Any) -> None:
    server, client = certificate
    with serving(postman, ssl_context=server, server_hostname="localhost") as port:
        SmtpMailer(f"smtps://localhost:{port}", SENDER, tls=client).send(LETTER)
    assert len(postman.mails) == 1


def test_user_and_password_come_from_the_url(postman: Postman, certificate: Any) -> None:
    server, client = certificate
    options = {"tls_context": server, "auth_required": True, "authenticator": who(("me@x", "p:/w"))}
    with serving(postman, **options) as port:
        SmtpMailer(f"smtp://me%40x:p%3A%2Fw@localhost:{port}", SENDER, tls=client).send(LETTER)
        with pytest.raises(MailError, match="refuses the user or the password") as refused:
            SmtpMailer(f"smtp://me%40x:no@localhost:{port}", SENDER, tls=client).send(LETTER)
    assert len(postman.mails) == 1
    assert "me@x" not in str(refused.value)


def test_a_password_never_goes_in_the_clear(
    postman: Postman, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("omnix.auth.mail._is_this_machine", lambda host: False)
    with serving(postman, auth_require_tls=False, authenticator=who(("me", "pw"))) as port:
        for url in (f"smtp://me:pw@127.0.0.1:{port}", f"smtp://127.0.0.1:{port}?tls=required"):
            with pytest.raises(MailError, match="offers no TLS"):
                SmtpMailer(url, SENDER).send(LETTER)
    assert postman.mails == []


def test_a_refused_recipient_is_told_without_the_address(postman: Postman) -> None:
    with serving(postman) as port, pytest.raises(MailError) as refused:
        SmtpMailer(f"smtp://127.0.0.1:{port}", SENDER).send(
            Letter("dana@refused.example", "s", "t")
        )
    assert "dana" not in str(refused.value)
    assert refused.value.step


def test_a_server_that_is_away_is_told() -> None:
    with pytest.raises(MailError, match=r"127\.0\.0\.1 did not take a mail: Connection refused"):
        SmtpMailer(f"smtp://127.0.0.1:{free_port()}", SENDER).send(LETTER)


def test_a_server_that_says_nothing_is_given_up() -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        port = mute.getsockname()[1]
        with pytest.raises(MailError, match="did not take a mail"):
            SmtpMailer(f"smtp://127.0.0.1:{port}", SENDER, timeout=0.05).send(LETTER)


@pytest.mark.parametrize(
    "url", ["http://x", "smtp://", "smtp:host", "smtp://h:port", "smtp://h:99999", "smtps://h:0"]
)
def test_a_url_that_names_no_mail_server(url: str) -> None:
    with pytest.raises(MailError, match=r"mail\.url does not name a mail server"):
        SmtpMailer(url, SENDER)


@pytest.mark.parametrize("sender", ["", "omnix", "omnix <omnix>", "a@b\r\nBcc: all@x"])
def test_a_sender_that_is_no_address(sender: str, tmp_path: Path) -> None:
    with pytest.raises(MailError, match=r"mail\.sender"):
        mailer("", sender, tmp_path)


def test_the_outbox_keeps_a_private_file_and_the_log_no_secret(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "omnix.mail")
    outbox = mailer("", SENDER, tmp_path / "outbox")
    assert isinstance(outbox, OutboxMailer)
    outbox.send(LETTER)
    outbox.send(LETTER)
    files = sorted((tmp_path / "outbox").iterdir())
    assert len(files) == 2
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    mail = cast(EmailMessage, message_from_bytes(files[0].read_bytes(), policy=default))
    assert mail["To"] == LETTER.to
    assert "token=abc" in mail.get_content()
    assert files[0].name in caplog.text
    assert not any(word in caplog.text for word in ("dana", "token", "https"))


def test_an_outbox_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file")
    with pytest.raises(MailError, match="outbox folder cannot take a mail"):
        mailer("", SENDER, tmp_path / "outbox").send(LETTER)


def test_a_url_makes_an_smtp_mailer(tmp_path: Path) -> None:
    assert isinstance(mailer("smtp://127.0.0.1:2525", SENDER, tmp_path), SmtpMailer)


@pytest.mark.parametrize(
    "forged",
    [
        Letter("a@b.example\r\nBcc: all@b.example", "s", "t"),
        Letter("a@b.example", "s\nBcc: all@b.example", "t"),
    ],
)
def test_no_header_is_smuggled_in(forged: Letter) -> None:
    with pytest.raises(MailError, match="cannot be written"):
        written(forged, SENDER)


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_address_and_subject_make_one_message_or_an_error(to: str, subject: str) -> None:
    try:
        content = written(Letter(to, subject, "text"), SENDER).as_bytes()
    except MailError:
        return
    assert message_from_bytes(content, policy=default).keys().count("Bcc") == 0


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("occasion", list(Occasion))
def test_every_letter_is_whole_in_every_language(occasion: Occasion, language: str) -> None:
    made = letter(
        occasion, "dana@shop.example", public_url="https://o.example/", secret="s3cret", minutes=10,
        language=language,
    )  # fmt: skip
    assert made.language == language
    assert "{" not in made.text + made.subject
    assert made.subject.startswith("omnix: ")
    assert (max(made.text) >= "א") is (language == "he")
    links = [word for word in made.text.split() if word.startswith("http")]
    assert all(word.startswith("https://o.example/") for word in links)
    assert len(links) == (0 if occasion is Occasion.EMAIL_CHANGED else 1)


def test_a_secret_stands_behind_the_hash() -> None:
    assert (
        link("https://o.example/", Page.RESET, "abc")
        == "https://o.example/reset-password#token=abc"
    )
    assert link("https://o.example", Page.SIGN_IN) == "https://o.example/sign-in"


def test_an_unknown_language_is_english() -> None:
    made = letter(Occasion.RESET_PASSWORD, "a@b.example", public_url="https://o", language="fr")
    assert made.language == "en"
