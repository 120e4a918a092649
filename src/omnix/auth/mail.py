"""Mail goes out through an SMTP server, or, where none is set, into an outbox folder."""

from __future__ import annotations

import logging
import secrets
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parseaddr
from ipaddress import ip_address
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from omnix.auth.errors import MailError
from omnix.core import private_files
from omnix.core.clock import utc_now

_log = logging.getLogger("omnix.mail")

TIMEOUT_SECONDS = 10.0
_PORTS = {"smtp": 25, "smtps": 465}


@dataclass(frozen=True)
class Letter:
    """What a person is written: plain text in their language (`en` or `he`)."""

    to: str
    subject: str
    text: str
    language: str = "en"


class Mailer(Protocol):
    """Hands letters over."""

    def send(self, letter: Letter) -> None:
        """Hand `letter` over; it has then left our hands.

        Raises:
            MailError: it could not be; says what happened, without the address or the text.

        """


def mailer(url: str, sender: str, outbox: Path) -> Mailer:
    """The mailer for `url` (`smtp://…`, `smtps://…`); without one, the folder `outbox`.

    Raises:
        MailError: the URL or the sender's address cannot be used.

    """
    return SmtpMailer(url, sender) if url else OutboxMailer(outbox, sender)


class SmtpMailer:
    """Sends through an SMTP server: `smtp://user:password@host:port`, `smtps://…`.

    `smtp` turns to TLS where the server offers it (STARTTLS). A password, or a letter to another
    machine with `?tls=required`, never goes out in the clear; this machine's own server is exempt.
    """

    def __init__(
        self,
        url: str,
        sender: str,
        *,
        timeout: float = TIMEOUT_SECONDS,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._url = _server(url)
        self._sender = _checked_sender(sender)
        self._timeout = timeout
        self._tls = tls or ssl.create_default_context()

    def send(self, letter: Letter) -> None:
        """Hand `letter` to the server; see `Mailer.send`."""
        message = written(letter, self._sender)
        try:
            with self._connected() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused:
            raise MailError(
                "The mail server refuses the recipient.", "Check the address."
            ) from None
        except smtplib.SMTPException as error:
            raise self._failed(_told(error)) from None
        except OSError as error:
            raise self._failed(error.strerror or type(error).__name__) from None

    def _connected(self) -> smtplib.SMTP:
        host, port = str(self._url.hostname), self._url.port or _PORTS[self._url.scheme]
        if self._url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port, timeout=self._timeout, context=self._tls
            )
        else:
            server = smtplib.SMTP(host, port, timeout=self._timeout)
        try:
            self._secure(server)
            self._sign_in(server)
        except BaseException:
            server.close()
            raise
        return server

    def _secure(self, server: smtplib.SMTP) -> None:
        if self._url.scheme == "smtps":
            return
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=self._tls)
        elif self._must_be_secure() and not _is_this_machine(str(self._url.hostname)):
            raise MailError(
                f"The mail server {self._url.hostname} offers no TLS.",
                "Use smtps://, or a server with STARTTLS: a password does not go in the clear.",
            )

    def _must_be_secure(self) -> bool:
        return bool(self._url.password) or "tls=required" in self._url.query.split("&")

    def _sign_in(self, server: smtplib.SMTP) -> None:
        if self._url.username:
            server.login(unquote(self._url.username), unquote(self._url.password or ""))

    def _failed(self, why: str) -> MailError:
        return MailError(
            f"The mail server {self._url.hostname} did not take a mail: {why}.",
            "Check mail.url in the settings, and that the server answers.",
        )


class OutboxMailer:
    """Writes each letter to a file of its own, which only the owner of the home may read."""

    def __init__(self, folder: Path, sender: str, *, now: Callable[[], datetime] = utc_now) -> None:
        self._folder = folder
        self._sender = _checked_sender(sender)
        self._now = now

    def send(self, letter: Letter) -> None:
        """Keep `letter` as an `.eml` file; see `Mailer.send`."""
        name = f"{self._now():%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}.eml"
        content = written(letter, self._sender).as_bytes(policy=SMTP)
        try:
            private_files.write_new(self._folder / name, content)
        except OSError as error:
            raise MailError(
                f"The outbox folder cannot take a mail: {error.strerror}.",
                "Give the service's user the right to write there, or set mail.url.",
            ) from None
        _log.info("A mail lies in the outbox: %s", name)


def written(letter: Letter, sender: str) -> EmailMessage:
    """`letter` as a message, ready to be sent.

    Raises:
        MailError: the address or the subject holds a line break or cannot be written.

    """
    message = EmailMessage()
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    try:
        message["From"] = sender
        message["To"] = letter.to
        message["Subject"] = letter.subject
    except (ValueError, IndexError):
        raise MailError("A mail's address or subject cannot be written.", "Correct it.") from None
    message["Date"] = format_datetime(utc_now())
    message["Message-ID"] = make_msgid(domain=domain)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    message.set_content(letter.text)  # sets the content's headers anew
    message["Content-Language"] = letter.language
    return message


def _server(url: str) -> SplitResult:
    parts = urlsplit(url)
    with suppress(ValueError):  # `port` is read here: it may be no number
        if parts.scheme in _PORTS and parts.hostname and parts.port != 0:
            return parts
    raise MailError(
        "mail.url does not name a mail server.",
        "Give it as smtp://host:port, or smtps://user:password@host.",
    )


def _checked_sender(sender: str) -> str:
    if "@" not in parseaddr(sender)[1] or "\n" in sender or "\r" in sender:
        raise MailError(f"mail.sender is {sender!r}.", "Give it as `Name <name@host>`.")
    return sender


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _told(error: smtplib.SMTPException) -> str:
    """The server's code and our word for it; its own words may repeat the address."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "it refuses the user or the password"
    code = getattr(error, "smtp_code", None)
    return f"it answered {code}" if code else type(error).__name__
