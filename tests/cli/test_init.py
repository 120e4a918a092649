"""`omnix init`: one source, told in words what it found; nothing of the user's is overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.command import omnix
from omnix.core.settings import Settings
from shop import query, run
from whole import tiny


@pytest.mark.parametrize("given", [[], ["--sample", "small", "--from", "."]])
def test_exactly_one_source_is_needed(tmp_path: Path, given: list[str]) -> None:
    told = omnix(tmp_path / "home", "init", *given)
    assert told.code == 1
    assert (
        "`omnix init` needs one source. Give `--sample medium`, or `--from PATH_OR_URL`."
        in told.words
    )
    assert not (tmp_path / "home").exists()


def test_a_sample_of_no_such_size_names_the_sizes(tmp_path: Path) -> None:
    told = omnix(tmp_path / "home", "init", "--sample", "tiny")
    assert told.code != 0
    assert "small, medium, large" in told.words


def test_a_home_that_is_set_up_is_left_alone_unless_forced(tmp_path: Path) -> None:
    source = tiny.write(tmp_path / "shop")
    home = tiny.home_of(source, tmp_path / "home")
    before = (home / "omnix.toml").read_text()
    told = omnix(home, "init", "--from", source)
    assert told.code == 1
    assert "is set up already" in told.words
    assert "--force" in told.words
    assert (home / "omnix.toml").read_text() == before


def test_forced_to_another_shop_nothing_of_the_first_is_mixed_in(tmp_path: Path) -> None:
    _, home = tiny.built(tmp_path)
    other = tiny.tables(orders=4)
    del other["refunds"]
    second = tiny.write(tmp_path / "second", other)
    told = omnix(home, "init", "--force", "--from", second)
    assert told.code == 0, told.words
    assert "What raw held of the shop before is gone" in told.words
    assert len(tiny.ids(home, "orders", "order_id")) == 12  # until the next run
    run(home)
    assert len(tiny.ids(home, "orders", "order_id")) == 4
    assert tiny.ids(home, "refunds", "refund_id") == []
    assert tiny.balanced(home)


def test_forced_to_the_same_shop_raw_stays(tmp_path: Path) -> None:
    source, home = tiny.built(tmp_path)
    assert omnix(home, "init", "--force", "--from", source).code == 0
    assert {each.mode for each in run(home).ingested} == {"same"}


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("/no/such/folder", "/no/such/folder does not exist"),
        ("oracle://db/shop", "oracle:// is no source that omnix reads"),
    ],
)
def test_a_source_that_is_none_is_told(tmp_path: Path, location: str, words: str) -> None:
    told = omnix(tmp_path / "home", "init", "--from", location)
    assert told.code == 1
    assert words in told.words
    assert not (tmp_path / "home" / "omnix.toml").exists()


def test_a_folder_without_data_says_what_belongs_there(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    told = omnix(tmp_path / "home", "init", "--from", tmp_path / "empty")
    assert told.code == 3
    assert "holds no data file" in told.words
    assert "Put CSV, Parquet or JSON Lines files there" in told.words


def test_an_unknown_preset_names_the_nearest(tmp_path: Path) -> None:
    source = tiny.write(tmp_path / "shop")
    told = omnix(tmp_path / "home", "init", "--from", source, "--preset", "olists")
    assert told.code == 3
    assert "There is no preset 'olists'" in told.words
    assert "Did you mean 'olist'?" in told.words


def test_a_preset_that_does_not_fit_says_what_is_missing(tmp_path: Path) -> None:
    source = tiny.write(tmp_path / "shop")
    told = omnix(tmp_path / "home", "init", "--from", source, "--preset", "olist")
    assert told.code == 1
    assert "The preset 'olist' does not fit: The source has no table" in told.words


def test_a_broken_file_among_good_ones_is_told_and_does_not_stop_it(tmp_path: Path) -> None:
    source = tiny.write(tmp_path / "shop")
    (source / "reviews.csv").write_text("")
    told = omnix(tmp_path / "home", "init", "--from", source)
    assert told.code == 0, told.words
    assert "reviews.csv is empty" in told.words
    ran = omnix(tmp_path / "home", "run")
    assert ran.code == 3
    assert "reviews failed: reviews.csv is empty" in ran.words
    assert len(tiny.ids(tmp_path / "home", "orders", "order_id")) == 12


def test_every_other_command_says_how_to_set_up_a_home(tmp_path: Path) -> None:
    for command in (
        ["run"],
        ["ingest"],
        ["tables"],
        ["show", "orders"],
        ["status"],
        ["doctor"],
        ["quality"],
        ["quarantine", "list"],
        ["lineage", "orders"],
        ["history", "orders"],
        ["ops"],
    ):
        told = omnix(tmp_path / "home", *command)
        assert told.code == 2, command
        assert "is not set up. `omnix init --sample medium`" in told.words
    assert not (tmp_path / "home").exists()


def test_a_wrong_setting_names_the_setting_and_its_place(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "omnix.toml").write_text("quality_lin = 0.5\n")
    told = omnix(home, "run")
    assert told.code == 2
    assert "quality_lin" in told.words
    assert "quality_line" in told.words


def test_a_mapping_that_somebody_mended_is_kept(tmp_path: Path) -> None:
    shop = tmp_path / "laden"
    shop.mkdir()
    lines = "".join(f"B{n};K{n % 3};2026-01-{n % 28 + 1:02d};{10 + n},50\n" for n in range(30))
    (shop / "bestellungen.csv").write_text(
        "Bestellnummer;Kundennummer;Bestelldatum;Gesamtbetrag\n" + lines
    )
    home = tmp_path / "home"
    assert omnix(home, "init", "--from", shop).code == 0
    (home / "mapping" / "orders.sql").write_text("-- mended")
    told = omnix(home, "init", "--force", "--from", shop)
    assert told.code == 0
    assert "The mapping that was there lies in" in told.words
    assert (home / "mapping.1" / "orders.sql").read_text() == "-- mended"
    assert Settings.load(home).source.preset == "mapping"


def test_the_password_is_never_printed_and_lies_in_a_private_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    told = omnix(home, "init", "--from", "postgresql://shop:open-sesame@127.0.0.1:1/shop")
    assert told.code == 3
    assert "open-sesame" not in told.words
    assert not (home / "omnix.toml").exists()


def test_a_home_may_be_named_by_the_environment(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMNIX_HOME", str(built))
    assert omnix(None, "status").code == 0
    assert query(built, "select count(*) as n from categories", "categories") == [{"n": 40}]
