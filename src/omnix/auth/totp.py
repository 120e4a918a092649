"""The second factor: time-based codes (RFC 6238) and recovery codes for when the phone is gone."""

from __future__ import annotations

import hashlib
import hmac
import io
import re
import secrets
from datetime import datetime

import pyotp

ISSUER = "omnix"
STEP_SECONDS = 30
DIGITS = 6
RECOVERY_CODES = 10

#: Crockford's base 32 without the letters that are misread; 16 of them are 80 bits.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_RECOVERY_CHARACTERS = 16
_CODE = re.compile(r"[0-9]{6}")


def new_secret() -> str:
    """A new shared secret of 160 bits in base 32, as RFC 4226 recommends."""
    return pyotp.random_base32(32)


def uri(secret: str, account: str) -> str:
    """What an authenticator app reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER)


def qr_svg(text: str) -> str:
    """`text` as a QR code: one SVG element that scales."""
    import segno

    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, lineclass=None
    )
    return out.getvalue().decode()


def matching_step(
    secret: str, code: str, now: datetime, *, last_step: int | None = None, drift: int = 1
) -> int | None:
    """The time step whose code this is, within `drift` steps of `now`; None where it fits none.

    The caller keeps the step and hands it back as `last_step`: a code is good only once
    (RFC 6238 §5.2).
    """
    plain = "".join(code.split())
    if not _CODE.fullmatch(plain):
        return None
    totp = pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS)
    current = int(now.timestamp()) // STEP_SECONDS
    found = None
    for step in range(current - drift, current + drift + 1):
        fits = hmac.compare_digest(totp.generate_otp(step), plain)
        if fits and (last_step is None or step > last_step):
            found = step
    return found


def new_recovery_codes(count: int = RECOVERY_CODES) -> list[str]:
    """`count` codes of 80 bits, in groups of four characters; each is good once."""
    return [_grouped(_random_text()) for _ in range(count)]


def recovery_digest(code: str) -> str:
    """What is kept of a recovery code: SHA-256 of its characters, however they were typed."""
    typed = "".join(c for c in code.lower() if c.isalnum())
    plain = typed.translate(str.maketrans("oil", "011"))
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def _random_text() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_RECOVERY_CHARACTERS))


def _grouped(text: str) -> str:
    return "-".join(text[n : n + 4] for n in range(0, len(text), 4))
