"""Building a table whose SQL comes from people: on an engine that can reach nothing but its inputs.

The guard has read the SQL before; this is the wall behind it. The engine may open the inputs' own
files and no other, loads no extension, keeps its settings, and is stopped when it takes too long.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from omnix.core.errors import ContractError
from omnix.core.sql_table import SqlTable
from omnix.core.table import literal
from omnix.curation.records import RECORDS
from omnix.pipeline.records import register
from omnix.pipeline.workspace import Workspace

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

#: DuckDB quotes what it could not compute with: the cell's value, which may tell of a person.
_VALUES = re.compile(r"'.*'|\".*\"", re.DOTALL)

#: Seconds that one such table may take.
LONGEST = 900.0


def build_apart(
    work: Workspace,
    table: SqlTable,
    fill: Callable[[duckdb.DuckDBPyConnection], None],
    *,
    threads: int | None,
    longest: float = LONGEST,
) -> pa.Table:
    """The rows of `table`; `fill` makes them the temp table `built` of the engine it is given.

    Raises:
        ContractError: the engine refuses the SQL or takes too long, or the rows break the contract.
        LakeError: an input cannot be read.

    """
    import duckdb

    with _shut_engine(work, table, threads) as con:
        timer = threading.Timer(longest, con.interrupt)
        timer.start()
        try:
            fill(con)
            broken = table.violations(con, "built")
            if not broken:
                return con.sql("from built").to_arrow_table()
        except duckdb.InterruptException:
            raise ContractError(
                f"{table.name} took more than {longest:,.0f} seconds.",
                "Make its SQL do less; the last good version stays.",
            ) from None
        except duckdb.Error as error:
            paths = [work.graph.tables[n].path for n in table.inputs if n not in RECORDS]
            raise work.lake.explain(error, paths) or _told(table, error) from error
        finally:
            timer.cancel()
    raise ContractError(
        f"{table.name} breaks its contract: {'; '.join(broken)}.",
        "Nothing was published; the last good version stays.",
    )


@contextmanager
def _shut_engine(
    work: Workspace, table: SqlTable, threads: int | None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine of its own with the inputs as views, and no way to anything else."""
    con = work.engine(threads=threads)
    try:
        files: list[str] = []
        for name in table.inputs:
            if name in RECORDS:
                register(con, work, name)
            else:
                found = work.lake.view(con, work.graph.tables[name].path, as_name=name)
                files += [found.locate(file) for file in found.data_files]
        for name, value in _shut(files).items():
            con.execute(f"set {name} = {value}")
        yield con
    finally:
        con.close()


def _shut(files: list[str]) -> Mapping[str, Any]:
    """DuckDB's settings, in the order in which they must be set."""
    return {
        "allowed_paths": f"[{', '.join(map(literal, files))}]",
        "enable_external_access": "false",
        "lock_configuration": "true",
    }


def _told(table: SqlTable, error: Exception) -> ContractError:
    first = _VALUES.sub("…", str(error).strip().splitlines()[0]).rstrip(".!")
    return ContractError(
        f"{table.name}: DuckDB says: {first}.",
        f"Mend its SQL in the system {table.system!r}; the last good version stays.",
    )
