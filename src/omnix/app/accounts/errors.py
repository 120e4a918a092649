"""What people are told when an account says no; never whether somebody else's exists.

AccountError
├── InvalidCredentials   e-mail, password or code are not right (401)
├── InvalidLink          a link is used up, expired or none of ours (401)
├── InvalidRefresh       a refresh token is used up, expired or none of ours (401)
├── NotAllowed           this role or key may not do that (403)
├── NoSuchThing          there is no such thing, or it is somebody else's (404)
├── NotPossible          not as things stand (409)
├── InvalidField         a value cannot be taken; names the field (422)
└── TooManyAttempts      after `retry_after` seconds again (429)

A password that is too weak is `omnix.auth.errors.PasswordError`.
"""

from __future__ import annotations

from omnix.core.errors import OmnixError


class AccountError(OmnixError):
    """An account, a session or a key says no. `status` is HTTP's word for it."""

    status = 400


class InvalidCredentials(AccountError):  # noqa: N818 - the field's word, as all below
    """E-mail, password or code are not right, or the account may not sign in: one answer for all."""

    status = 401

    def __init__(self) -> None:
        super().__init__(
            "The e-mail, the password or the code is not right.",
            "Check them; open the link in the mail if you have just registered; "
            "or ask for a new password.",
        )


class InvalidLink(AccountError):  # noqa: N818
    """A link is used up, expired, replaced by a newer one, or none of ours."""

    status = 401

    def __init__(self) -> None:
        super().__init__(
            "This link is not valid, or no longer.", "Ask for a new one; only the newest works."
        )


class InvalidRefresh(AccountError):  # noqa: N818
    """A refresh token is used up, expired, or none of ours."""

    status = 401

    def __init__(self) -> None:
        super().__init__("This session is over.", "Sign in again.")


class NotAllowed(AccountError):  # noqa: N818
    """This role or key may not do that."""

    status = 403


class NoSuchThing(AccountError):  # noqa: N818
    """There is no such thing, or it is somebody else's."""

    status = 404


class NotPossible(AccountError):  # noqa: N818
    """Not possible as things stand."""

    status = 409


class InvalidField(AccountError):  # noqa: N818
    """A value cannot be taken; `field` is its name."""

    status = 422

    def __init__(self, field: str, what: str, step: str = "") -> None:
        self.field = field
        super().__init__(what, step)

    @property
    def errors(self) -> list[dict[str, str]]:
        """The field and what is wrong with it, for a problem answer."""
        return [{"field": self.field, "message": f"{self.what} {self.step}".strip()}]


class TooManyAttempts(AccountError):  # noqa: N818
    """Tried too often; `retry_after` is in whole seconds."""

    status = 429

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__("Too many attempts.", f"Try again in {_minutes(retry_after)}.")


def _minutes(seconds: int) -> str:
    minutes = max(1, -(-seconds // 60))
    return "a minute" if minutes == 1 else f"{minutes} minutes"
