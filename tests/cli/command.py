"""`omnix` on the command line, in this process: what it printed and how it ended."""

from __future__ import annotations

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from omnix.cli.main import main


@dataclass(frozen=True)
class Told:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def words(self) -> str:
        """Everything that it printed, each run of white space as one space."""
        return " ".join((self.out + " " + self.err).split())

    @property
    def json(self) -> Any:
        """Its standard output, which must be one JSON document and nothing else."""
        return json.loads(self.out)


def omnix(home: Path | None, *arguments: object) -> Told:
    """Run `omnix --home HOME ARGUMENTS`."""
    given = ["omnix", *([] if home is None else ["--home", str(home)]), *map(str, arguments)]
    out, err, code = io.StringIO(), io.StringIO(), 0
    with redirect_stdout(out), redirect_stderr(err), patch.object(sys, "argv", given):
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1 if end.code else 0
    return Told(code, out.getvalue(), err.getvalue())
