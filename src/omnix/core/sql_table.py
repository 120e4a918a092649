"""A table that is declared by its SQL alone: of a registered system, without a module."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256

from omnix.core.table import Table


@dataclass(frozen=True)
class SqlTable(Table):
    """A table whose declaration is data. Its SQL comes from people: it is run apart from all else.

    `of` is the system that registered it, `description` says what one row is, `reads` are its
    inputs, `text` is the SELECT that builds it, with `$as_of` unbound; `cut`: whether it has that.
    """

    of: str = ""
    description: str = ""
    reads: tuple[str, ...] = ()
    text: str = ""
    cut: bool = False

    @property
    def about(self) -> str:
        """What one row is, as its declaration says."""
        return self.description

    @property
    def system(self) -> str:
        """The registered system."""
        return self.of

    @property
    def inputs(self) -> tuple[str, ...]:
        """The tables that its SQL reads."""
        return self.reads

    @property
    def takes_as_of(self) -> bool:
        """Whether the SQL has the parameter `$as_of`."""
        return self.cut

    @property
    def fingerprint(self) -> str:
        """Changes whenever the declaration changes."""
        columns = {n: (c.dtype, c.nullable, c.person) for n, c in self.columns.items()}
        code = [self.key, columns, dict(self.checks), self.text]
        return sha256(json.dumps(code, sort_keys=True).encode()).hexdigest()[:16]

    def sql(self) -> str:
        """The SELECT that builds the table."""
        return self.text
