"""What can be wrong with a question to the tables. `status` is how a face that has them says it."""

from __future__ import annotations

from omnix.core.errors import OmnixError


class QuestionError(OmnixError):
    """A part of a question is wrong; `errors` names the field."""

    exit_code = 2
    status = 422

    def __init__(self, field: str, what: str, step: str = "") -> None:
        super().__init__(what, step)
        self.errors = [{"field": field, "message": what}]


class NotFoundError(OmnixError):
    """There is no such thing, or it is not for this caller to know."""

    exit_code = 2
    status = 404


class PersonalColumnError(OmnixError):
    """A column that describes a person, asked for without the right to see it."""

    status = 403


class VersionGoneError(OmnixError):
    """The version that a cursor or a caller names can be read no more."""

    status = 410


class BusyError(OmnixError):
    """The answer needs more memory than there is now."""

    transient = True
