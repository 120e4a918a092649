from __future__ import annotations

import stat
import threading
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnix.core._settings_words import describe, toml_text
from omnix.core.errors import SettingsError
from omnix.core.settings import Settings, SourceSettings, card_key, save


def write(home: Path, text: str, mode: int = 0o600) -> Path:
    home.mkdir(exist_ok=True)
    file = home / "omnix.toml"
    file.write_text(text, "utf-8")
    file.chmod(mode)
    return file


def refused(home: Path, **given: object) -> str:
    with pytest.raises(SettingsError) as caught:
        Settings.load(home, **given)
    return str(caught.value)


class TestWhereAValueComesFrom:
    def test_everything_has_a_default_under_the_home(self, tmp_path: Path) -> None:
        settings = Settings.load(tmp_path)
        assert settings.lake == str(tmp_path / "lake")
        assert settings.key_file == tmp_path / "keys" / "card_token.key"
        assert (settings.currency, settings.timezone, settings.quality_line) == ("EUR", "UTC", 0.7)
        assert settings.source.kind == "sample"

    def test_home_is_taken_from_the_environment(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(tmp_path, "threads = 3")
        monkeypatch.setenv("OMNIX_HOME", str(tmp_path))
        assert (Settings.load().home, Settings.load().threads) == (tmp_path, 3)

    def test_without_any_home_it_is_in_the_current_folder(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        assert Settings.load().home == tmp_path / "omnix-home"

    def test_code_wins_over_environment_over_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(tmp_path, "threads = 3\nworkers = 3\nkeep_versions = 3")
        monkeypatch.setenv("OMNIX_THREADS", "4")
        monkeypatch.setenv("OMNIX_WORKERS", "4")
        settings = Settings.load(tmp_path, threads=5)
        assert (settings.threads, settings.workers, settings.keep_versions) == (5, 4, 3)

    def test_sections_are_merged_setting_by_setting(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(tmp_path, '[source]\nkind = "files"\nlocation = "/shop"')
        monkeypatch.setenv("OMNIX_SOURCE_PRESET", "olist")
        monkeypatch.setenv("OMNIX_S3_ALLOW_HTTP", "true")
        settings = Settings.load(tmp_path)
        assert (settings.source.location, settings.source.preset) == ("/shop", "olist")
        assert settings.s3.allow_http

    def test_an_empty_variable_sets_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OMNIX_THREADS", "")
        assert Settings.load(tmp_path).threads >= 1

    def test_a_lake_may_be_a_url_and_a_folder_is_made_absolute(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        assert Settings.load(tmp_path, lake="s3://shop/lake").lake == "s3://shop/lake"
        assert Settings.load(tmp_path, lake="there").lake == str(tmp_path / "there")


class TestRefusals:
    def test_an_unknown_setting_names_the_line_and_the_nearest(self, tmp_path: Path) -> None:
        file = write(tmp_path, "# mine\n\nquality_lime = 0.5")
        said = refused(tmp_path)
        assert f"no setting 'quality_lime' (in {file}, line 3)" in said
        assert "Did you mean 'quality_line'?" in said

    def test_an_unknown_setting_of_a_section(self, tmp_path: Path) -> None:
        write(tmp_path, "[source]\nlokation = 'x'")
        assert "line 2). Did you mean 'source.location'?" in refused(tmp_path)

    @pytest.mark.parametrize("name", ["OMNIX_TREADS", "OMNIX_S3_ALLOW_HTTPS", "OMNIX_SOURCE_URL"])
    def test_an_unknown_variable(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        monkeypatch.setenv(name, "1")
        assert f"The environment sets {name}, which is no setting." in refused(tmp_path)

    @pytest.mark.parametrize(
        ("line", "words"),
        [
            ("quality_line = 1.4", "quality_line is 1.4 (in {file}, line 1): it should be less"),
            ("threads = 'many'", "threads is 'many' (in {file}, line 1): it should be a valid int"),
            ("currency = 'euro'", "currency is 'euro'"),
            ("memory_limit = 'lots'", "a size (4GB) or a share of the machine (60%)"),
            ("timezone = 'Europe/Pari'", "Did you mean 'Europe/Paris'?"),
            ("keep_versions = 0", "greater than or equal to 1"),
            ("lock_wait = -1", "greater than or equal to 0"),
            ("source.kind = 'ftp'", "it should be 'sample', 'files' or 'database'"),
            ("models.url = 'ftp://x'", "models are registered at https://…"),
            ("models.url = 'mlflow.example'", "an address such as https://mlflow.example"),
            ("source.location = 'huge'", "a sample is small, medium or large, not 'huge'"),
        ],
    )
    def test_a_wrong_value_is_explained(self, tmp_path: Path, line: str, words: str) -> None:
        file = write(tmp_path, line)
        assert words.replace("{file}", str(file)) in refused(tmp_path)

    def test_a_database_needs_a_url(self, tmp_path: Path) -> None:
        said = refused(tmp_path, source={"kind": "database", "location": "db.example"})
        assert "as the command gives it" in said
        assert "mysql://" in said

    def test_a_wrong_variable_is_named(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OMNIX_WORKERS", "none")
        assert "from the environment variable OMNIX_WORKERS" in refused(tmp_path)

    def test_every_fault_is_told_at_once(self, tmp_path: Path) -> None:
        write(tmp_path, "workers = 0\nthreads = 0")
        assert "workers is 0" in refused(tmp_path)
        assert "threads is 0" in refused(tmp_path)

    def test_a_file_that_is_not_toml(self, tmp_path: Path) -> None:
        file = write(tmp_path, "threads = \n")
        assert f"{file} is not TOML" in refused(tmp_path)
        assert "line 1" in refused(tmp_path)

    def test_a_file_that_is_not_text(self, tmp_path: Path) -> None:
        write(tmp_path, "").write_bytes(b"\xff\xfe")
        assert "cannot be read" in refused(tmp_path)

    def test_a_section_that_is_not_json_in_the_environment(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OMNIX_SOURCE", "{")
        assert "as JSON" in refused(tmp_path)


class TestPasswords:
    def test_a_password_leaves_the_url(self) -> None:
        source = SourceSettings(kind="database", location="mysql://shop:p%40w@db:3306/x")
        assert source.location == "mysql://shop@db:3306/x"
        assert source.url.get_secret_value() == "mysql://shop:p%40w@db:3306/x"
        assert "p@w" not in repr(source) + str(source)
        assert "p%40w" not in repr(source) + str(source.url)

    def test_a_url_without_password_stays(self) -> None:
        source = SourceSettings(kind="database", location="postgresql://db/x")
        assert source.url.get_secret_value() == "postgresql://db/x"

    def test_a_password_in_the_environment_wins_over_none(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(tmp_path, '[source]\nkind = "database"\nlocation = "mysql://shop@db/x"')
        monkeypatch.setenv("OMNIX_SOURCE_PASSWORD", "geheim")
        assert Settings.load(tmp_path).source.url.get_secret_value() == "mysql://shop:geheim@db/x"

    def test_no_error_shows_one(self, tmp_path: Path) -> None:
        write(tmp_path, "[source]\nkind='x'\nlocation='mysql://shop:geheim@db/x'\npassword=4711")
        said = refused(tmp_path)
        assert "(hidden)" in said
        assert "geheim" not in said
        assert "4711" not in said

    @pytest.mark.parametrize(
        "line", ["password = 'geheim'", "location = 'mysql://shop:geheim@db/x'"]
    )
    def test_a_file_with_one_is_for_its_owner_only(self, tmp_path: Path, line: str) -> None:
        location = "" if "location" in line else "location = 'mysql://shop@db/x'\n"
        text = f"[source]\nkind = 'database'\n{location}{line}"
        write(tmp_path, text, mode=0o644)
        assert "chmod 600" in refused(tmp_path)
        write(tmp_path, text, mode=0o600)
        assert Settings.load(tmp_path).source.password is not None


class TestSave:
    def test_what_is_saved_is_read_again(self, tmp_path: Path) -> None:
        location = "mysql://shop:p%40w@db:3306/x"
        save(tmp_path, {"threads": 3, "source": {"kind": "database", "location": location}})
        kept = save(tmp_path, {"keep_versions": 7})
        assert (kept.threads, kept.keep_versions) == (3, 7)
        assert kept.source.url.get_secret_value() == location
        assert stat.S_IMODE(kept.file.stat().st_mode) == 0o600

    def test_a_section_replaces_the_former_one(self, tmp_path: Path) -> None:
        save(tmp_path, {"source": {"kind": "database", "location": "mysql://a:geheim@db/x"}})
        kept = save(tmp_path, {"source": {"kind": "sample", "location": "small"}})
        assert kept.source == SourceSettings(kind="sample", location="small")
        assert "geheim" not in kept.file.read_text()

    def test_a_wrong_value_leaves_the_file_alone(self, tmp_path: Path) -> None:
        before = save(tmp_path, {"threads": 3}).file.read_bytes()
        with pytest.raises(SettingsError, match="threads is 0"):
            save(tmp_path, {"threads": 0})
        assert (tmp_path / "omnix.toml").read_bytes() == before
        assert [each.name for each in tmp_path.iterdir()] == ["omnix.toml"]

    def test_what_the_environment_says_is_not_kept(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OMNIX_THREADS", "9")
        save(tmp_path, {"workers": 1})
        monkeypatch.delenv("OMNIX_THREADS")
        assert "threads" not in tomllib.loads((tmp_path / "omnix.toml").read_text())

    @given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30))
    def test_any_text_survives_the_file(self, text: str) -> None:
        written = toml_text(Settings, {"source": {"location": text}, "workers": 2})
        assert tomllib.loads(written)["source"]["location"] == text

    def test_the_file_explains_every_setting(self, tmp_path: Path) -> None:
        text = save(tmp_path, {}).file.read_text()
        for setting in describe(Settings):
            assert setting.about
            assert setting.name == "home" or f"# {setting.about}" in text


class TestCardKey:
    def test_it_is_made_once_and_is_its_owners(self, tmp_path: Path) -> None:
        settings = Settings.load(tmp_path)
        key = card_key(settings)
        assert (len(key), card_key(settings)) == (32, key)
        assert stat.S_IMODE(settings.key_file.stat().st_mode) == 0o600
        assert list(settings.key_file.parent.iterdir()) == [settings.key_file]

    def test_of_makers_at_once_all_get_the_same(self, tmp_path: Path) -> None:
        settings, keys = Settings.load(tmp_path), set()
        makers = [threading.Thread(target=lambda: keys.add(card_key(settings))) for _ in range(8)]
        for maker in makers:
            maker.start()
        for maker in makers:
            maker.join()
        assert len(keys) == 1

    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
    def test_a_key_that_others_can_read_is_refused(self, tmp_path: Path, mode: int) -> None:
        settings = Settings.load(tmp_path)
        card_key(settings)
        settings.key_file.chmod(mode)
        with pytest.raises(SettingsError, match=f"mode {mode:o}, expected 600.*chmod 600"):
            card_key(settings)

    def test_a_cut_key_is_refused(self, tmp_path: Path) -> None:
        settings = Settings.load(tmp_path)
        card_key(settings)
        settings.key_file.write_bytes(b"short")
        with pytest.raises(SettingsError, match="holds 5 bytes; a key has 32"):
            card_key(settings)

    def test_a_folder_in_its_place_is_refused(self, tmp_path: Path) -> None:
        settings = Settings.load(tmp_path)
        settings.key_file.mkdir(parents=True)
        with pytest.raises(SettingsError, match="cannot be used"):
            card_key(settings)
