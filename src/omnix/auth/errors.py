"""What can go wrong where people prove who they are.

AuthError
├── PasswordError      this password cannot be taken; says why and what would do
├── TokenError         this token is not one of ours, or no longer; says nothing more to outsiders
├── BusyError          too many ask at once; try again after `retry_after` seconds
├── KeyFileError       a signing or sealing key cannot be used
└── MailError          a mail could not be handed over
"""

from __future__ import annotations

from omnix.core.errors import OmnixError

#: What to do about a key file that cannot be read or made.
KEYS_FOLDER_STEP = "Give the service's user the right to read and write the home's keys folder."


class AuthError(OmnixError):
    """Somebody could not be recognised, or may not do this."""


class PasswordError(AuthError):
    """This password cannot be taken; `field` is where it came from."""

    status = 422

    def __init__(self, what: str, step: str = "", *, field: str = "password") -> None:
        super().__init__(what, step)
        self.field = field

    @property
    def errors(self) -> list[dict[str, str]]:
        """The field and what is wrong with it, for a problem answer."""
        return [{"field": self.field, "message": f"{self.what} {self.step}".strip()}]


class TokenError(AuthError):
    """This token is refused. `reason` is for tests and logs; the answer never tells it."""

    status = 401

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__("This token is not valid, or no longer.", "Sign in again.")


class BusyError(AuthError):
    """Too many people sign in at this moment; `retry_after` is in whole seconds."""

    transient = True

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(
            "Too many people sign in at this moment.", f"Try again in {retry_after} s."
        )


class KeyFileError(AuthError):
    """A key that signs or seals cannot be used."""

    exit_code = 2


class MailError(AuthError):
    """A mail could not be handed over."""

    transient = True
