"""What people type, made fit to be kept: addresses in one form, no control characters."""

from __future__ import annotations

import ipaddress
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from omnix.app.accounts.errors import InvalidField

if TYPE_CHECKING:
    from email_validator import ValidatedEmail

MAX_EMAIL = 254  # RFC 5321 §4.5.3.1.3, less the brackets
MAX_NAME = 100
#: Signs that show a text in another order than it has (https://trojansource.codes). The marks that
#: right-to-left names need are not among them.
_TURNS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def email_of(typed: str, field: str = "email") -> str:
    """The one form of an e-mail address: normalised, lower-cased.

    Raises:
        InvalidField: it is no address.

    """
    from email_validator import EmailNotValidError

    validate_email = _validator()
    try:
        if len(typed) > MAX_EMAIL:
            raise EmailNotValidError(f"It has more than {MAX_EMAIL} characters.")
        found = validate_email(
            typed.strip(), check_deliverability=False, globally_deliverable=False
        )
    except (EmailNotValidError, UnicodeError, ValueError) as error:
        reason = "" if isinstance(error, UnicodeError) else f" {error}"
        raise InvalidField(field, f"This is no e-mail address.{reason}") from None
    address = unicodedata.normalize("NFC", found.normalized.lower())
    if unicodedata.normalize("NFKC", address) != address:
        raise InvalidField(
            field, "This is no e-mail address. It holds letters that only look like others."
        )
    return address


@cache
def _validator() -> Callable[..., ValidatedEmail]:
    """The library's, for networks of their own too: it says itself to take names off its list."""
    import email_validator

    for name in {"local", "localhost", "test"} & {*email_validator.SPECIAL_USE_DOMAIN_NAMES}:
        email_validator.SPECIAL_USE_DOMAIN_NAMES.remove(name)
    return email_validator.validate_email


def email_as_typed(typed: str) -> str:
    """As `email_of`; what is no address stays as it is, and finds nobody."""
    try:
        return email_of(typed)
    except InvalidField:
        return plain(typed, MAX_EMAIL).lower()


def name_of(typed: str, field: str = "name") -> str:
    """A person's or a key's name.

    Raises:
        InvalidField: it is empty or too long, or holds control characters.

    """
    name = unicodedata.normalize("NFC", " ".join(typed.split()))
    if not name:
        raise InvalidField(field, "A name is needed.")
    if len(name) > MAX_NAME:
        raise InvalidField(field, f"A name has at most {MAX_NAME} characters.")
    if plain(name, MAX_NAME) != name:
        raise InvalidField(field, "A name holds no control characters.")
    if any(unicodedata.bidirectional(each) in _TURNS for each in name):
        raise InvalidField(field, "A name holds no signs that turn text around.")
    return name


def plain(text: str, most: int) -> str:
    """`text` without control characters and halves of characters, cut to `most` characters."""
    kept = (c if unicodedata.category(c) not in {"Cc", "Cs"} else " " for c in text[:most])
    return "".join(kept).strip()


def moment_of(moment: datetime, field: str) -> datetime:
    """A moment in UTC; one without a time zone is meant in UTC.

    Raises:
        InvalidField: it lies outside what can be kept.

    """
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        raise InvalidField(field, "No such moment can be kept.", "Give one of this age.") from None


def network_of(address: str | None) -> str:
    """What attempts are counted by: an IPv4 address, or the /64 that one IPv6 customer has."""
    if not address:
        return "nowhere"
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return plain(address, 64)
    if found.version == 4:
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))
