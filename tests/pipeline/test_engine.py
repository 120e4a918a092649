from __future__ import annotations

from omnix.pipeline.engine import connect


def test_what_does_not_fit_into_memory_spills_into_a_folder_that_is_made(tmp_path):
    spill = tmp_path / "home" / "cache" / "spill"
    con = connect(threads=1, memory_limit="60MB", spill=spill)
    con.execute(
        "create temp table many as select hash(i)::varchar as text from range(2000000) r(i)"
    )
    assert con.execute("select count(distinct text) from many").fetchone() == (2_000_000,)
    assert spill.is_dir()


def test_time_is_utc(tmp_path):
    con = connect(threads=1, memory_limit="60MB", spill=tmp_path / "spill")
    assert con.execute("select current_setting('TimeZone')").fetchone() == ("UTC",)
