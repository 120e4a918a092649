"""The registry: a worse challenger is refused, a better one promoted, the earlier one comes back."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ml.models import WeekdayMean, shop
from omnix.ml import artefacts
from omnix.ml.compare import Verdict
from omnix.ml.errors import ArtefactDamaged, PromotionRefused, RegistryError
from omnix.ml.model import Driver
from omnix.ml.registry import Notes, Registry

WON = Verdict(True, 0.12, 0.001, "12.0% less loss on 40 shared forecasts (p = 0.001).")
LOST = Verdict(False, -0.3, 0.9, "30.0% more loss on 40 shared forecasts (p = 0.9): no better.")


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("home") / "models"


@pytest.fixture(scope="module")
def registry(root: Path) -> Registry:
    return Registry(root)


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """A model of each test's own: making the registry's database takes seconds."""
    return request.node.name.split("[")[0][:100]


def saved(folder: Path, text: str = "one") -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "part").mkdir(parents=True)
    (folder / "weights.bin").write_bytes(text.encode() * 100)
    (folder / "part" / "config.json").write_text(json.dumps({"text": text}))
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


def register(
    registry: Registry, name: str, tmp_path: Path, text="one", data="d1", code="c1", **more
):
    params = more.pop("params", {"season": 7})
    return registry.register(
        name, saved(tmp_path / "draft", text), {"mase": 0.5}, data, code, params, **more
    )


def test_a_version_keeps_what_was_told(registry, name, tmp_path) -> None:
    notes = Notes("For ordering.", "3 series, 140 days", {"mase": 1.0}, ("Not for new shops.",), (Driver("week", 1.0, "The weekday."),))  # fmt: skip
    made = register(
        registry,
        name,
        tmp_path,
        inputs=["promo"],
        notes=notes,
        params={"a": (1, 2), "b": {"c": None}},
    )
    read = registry.version(name, "challenger")
    assert read == made
    assert (read.semantic, read.state) == ("1.0.0", "challenger")
    assert read.record.data_version == "d1"
    assert read.record.code_version == "c1"
    assert read.record.metrics == {"mase": 0.5}
    assert read.record.params == {"a": [1, 2], "b": {"c": None}}
    assert read.record.notes == notes
    assert registry.version(name, "1.0.0") == registry.version(name, 1) == read
    assert name in registry.names()


def test_versions_are_numbered_by_what_changed(registry, name, tmp_path) -> None:
    told = [
        register(registry, name, tmp_path, data="d1"),
        register(registry, name, tmp_path, data="d2"),
        register(registry, name, tmp_path, data="d2", code="c2"),
        register(registry, name, tmp_path, data="d3", code="c2"),
        register(registry, name, tmp_path, data="d3", code="c2", params={"season": 12}),
        register(
            registry, name, tmp_path, data="d3", code="c2", inputs=["price"], params={"season": 12}
        ),
    ]
    assert [v.semantic for v in told] == ["1.0.0", "1.0.1", "1.1.0", "1.1.1", "1.2.0", "2.0.0"]
    assert [v.semantic for v in registry.versions(name)] == [v.semantic for v in told]
    assert [v.state for v in registry.versions(name)] == ["registered"] * 5 + ["challenger"]


def test_a_better_one_is_promoted_and_a_worse_one_refused(registry, name, tmp_path) -> None:
    register(registry, name, tmp_path, "one")
    first = registry.promote(name, None)
    assert (first.semantic, first.state) == ("1.0.0", "champion")
    register(registry, name, tmp_path, "worse", data="d2")
    with pytest.raises(PromotionRefused, match=r"1\.0\.1 does not become champion: 30\.0% more loss.*1\.0\.0 stays"):  # fmt: skip
        registry.promote(name, LOST)
    assert registry.version(name).semantic == "1.0.0"
    refused = registry.version(name, "challenger")
    assert (refused.state, refused.reason) == ("refused", LOST.reason)
    register(registry, name, tmp_path, "better", data="d3")
    promoted = registry.promote(name, WON, over="1.0.0")
    assert promoted.semantic == "1.0.2"
    assert registry.version(name) == promoted
    assert promoted.reason == WON.reason
    assert {v.semantic: v.state for v in registry.versions(name)} == {
        "1.0.0": "former champion", "1.0.1": "refused", "1.0.2": "champion",
    }  # fmt: skip
    with pytest.raises(RegistryError, match="has no challenger"):
        registry.promote(name, WON)


def test_nobody_is_promoted_without_a_verdict_on_the_champion_there_is(
    registry, name, tmp_path
) -> None:
    register(registry, name, tmp_path, "one")
    with pytest.raises(PromotionRefused, match="no better"):
        registry.promote(name, LOST)  # the first one too, when it was compared with the baseline
    registry.promote(name, WON)
    register(registry, name, tmp_path, "two", data="d2")
    with pytest.raises(PromotionRefused, match="was not compared"):
        registry.promote(name, None)
    with pytest.raises(PromotionRefused, match=r"compared with 0\.9\.0, but 1\.0\.0 is champion"):
        registry.promote(name, WON, over="0.9.0")
    assert registry.promote(name, WON).semantic == "1.0.1"


def test_rolling_back_restores_every_byte(registry, name, tmp_path, root) -> None:
    before = []
    for number, text in enumerate(["one", "two", "three"]):
        register(registry, name, tmp_path, text, data=f"d{number}")
        registry.promote(name, WON)
        before.append(contents(registry.fetch(name).folder))
        assert before[-1] == contents(tmp_path / "draft")
    assert registry.rollback(name, "Orders were too high.").semantic == "1.0.1"
    assert contents(registry.fetch(name).folder) == before[1]
    assert contents(artefacts.champion(root, name).folder) == before[1]
    assert registry.version(name, "1.0.2").state == "rolled back"
    assert registry.version(name, "1.0.2").reason == "Orders were too high."
    assert registry.rollback(name).semantic == "1.0.0"
    assert contents(registry.fetch(name).folder) == before[0]
    with pytest.raises(RegistryError, match="is its first champion"):
        registry.rollback(name)
    register(registry, name, tmp_path, "four", data="d9")
    registry.promote(name, WON)
    assert registry.rollback(name).semantic == "1.0.0"


def test_a_model_answers_the_same_once_registered(registry, name, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("omnix.ml.model._OURS", "ml.models")
    from omnix.ml.model import keep

    model = WeekdayMean().fit(shop(), seed=1)
    keep(model, tmp_path / "draft")
    registry.register(name, tmp_path / "draft", {}, "d", "c", {})
    asked = shop(7)[["unique_id", "ds"]]
    registry.promote(name, None)
    assert registry.load(name).predict(asked).equals(model.predict(asked))


@pytest.mark.parametrize("how", ["changed", "less", "more", "renamed", "gone", "linked"])
def test_damaged_files_are_told(registry, name, tmp_path, root, how) -> None:
    register(registry, name, tmp_path, how, data=how)
    folder = registry.fetch(name, "challenger").folder
    match how:
        case "changed":
            (folder / "weights.bin").write_bytes(b"x" + (folder / "weights.bin").read_bytes()[1:])
        case "less":
            (folder / "part" / "config.json").unlink()
        case "more":
            (folder / "more.py").write_text("")
        case "renamed":
            (folder / "weights.bin").rename(folder / "weights.txt")
        case "gone":
            shutil.rmtree(folder)
        case "linked":
            (folder / "weights.bin").rename(root / "elsewhere")
            (folder / "weights.bin").symlink_to(root / "elsewhere")
    for refused in (
        lambda: registry.fetch(name, "challenger"),
        lambda: registry.promote(name, WON),
    ):
        with pytest.raises(ArtefactDamaged, match=f"The files of {name} 1"):
            refused()
    assert registry.version(name, "challenger").state == "challenger"


def test_a_damaged_earlier_champion_does_not_come_back(registry, name, tmp_path) -> None:
    for text in ("one", "two"):
        register(registry, name, tmp_path, text)
        registry.promote(name, WON)
    (registry.fetch(name, "1.0.0").folder / "weights.bin").write_bytes(b"")
    with pytest.raises(ArtefactDamaged):
        registry.rollback(name)
    assert registry.version(name).semantic == "1.0.1"


def test_a_home_can_be_moved(registry, name, tmp_path, root) -> None:
    register(registry, name, tmp_path)
    registry.promote(name, None)
    before = contents(registry.fetch(name).folder)
    shutil.copytree(root, tmp_path / "moved")
    folder = Registry(tmp_path / "moved").fetch(name).folder
    assert folder.is_relative_to(tmp_path / "moved")
    assert artefacts.champion(tmp_path / "moved", name).folder == folder
    assert contents(folder) == before


def test_a_promotion_that_was_killed_half_way_harms_nothing(
    registry, name, tmp_path, monkeypatch
) -> None:
    register(registry, name, tmp_path, "one")
    registry.promote(name, WON)
    register(registry, name, tmp_path, "two", data="d2")
    with monkeypatch.context() as killed:
        killed.setattr(registry._book, "alias", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            registry.promote(name, WON)
    assert registry.version(name).semantic == "1.0.0"
    with pytest.raises(RegistryError, match="first champion"):
        registry.rollback(name)
    assert registry.promote(name, WON).semantic == "1.0.1"
    assert registry.rollback(name).semantic == "1.0.0"


def test_old_versions_are_pruned_but_none_that_is_needed(registry, name, tmp_path) -> None:
    register(registry, name, tmp_path, "first", data="d")
    registry.promote(name, WON)
    for number in range(5):
        register(registry, name, tmp_path, f"v{number}", data=f"d{number}")
    gone = [registry.fetch(name, f"1.0.{number}").folder for number in (1, 2, 3)]
    assert registry.prune(name, keep=2) == ["1.0.1", "1.0.2", "1.0.3"]
    assert [v.semantic for v in registry.versions(name)] == ["1.0.0", "1.0.4", "1.0.5"]
    assert not any(folder.exists() for folder in gone)
    assert register(registry, name, tmp_path, data="d7").semantic == "1.0.6"


REGISTER_ONE = """
import sys
from pathlib import Path
from omnix.ml.registry import Registry
root, folder, number = sys.argv[1:]
Registry(Path(root)).register("shop", Path(folder), {}, f"d{number}", "c", {})
"""


@pytest.mark.slow
def test_two_processes_register_at_once_from_nothing(tmp_path) -> None:
    root = tmp_path / "models"
    both = [
        subprocess.Popen(
            [sys.executable, "-c", REGISTER_ONE, root, saved(tmp_path / str(n), str(n)), str(n)],
            stderr=subprocess.PIPE,
        )
        for n in range(2)
    ]
    assert [each.communicate(timeout=300)[1] for each in both] == [b"", b""]
    assert [each.returncode for each in both] == [0, 0]
    versions = Registry(root).versions("shop")
    assert [v.semantic for v in versions] == ["1.0.0", "1.0.1"]
    assert sorted(v.record.data_version for v in versions) == ["d0", "d1"]
    for version in versions:
        Registry(root).fetch("shop", version.semantic)


@pytest.mark.slow
def test_a_servers_files_are_sent_and_fetched_once(tmp_path, monkeypatch) -> None:
    """As with a server; its place is taken by a database, as MLflow's server is not installed."""
    registry = Registry(tmp_path / "here", f"sqlite:///{tmp_path}/server.sqlite")
    registry._book.uploads = True
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path)  # where MLflow puts files that nobody gave a place
    register(registry, "shop", tmp_path)
    promoted = registry.promote("shop", None)
    assert promoted.record.folder == ""
    stored = artefacts.champion(tmp_path / "here", "shop")
    assert contents(stored.folder) == contents(tmp_path / "draft")
    monkeypatch.setattr(registry._book, "download", lambda *_: pytest.fail("fetched again"))
    assert registry.fetch("shop").folder == stored.folder
    (stored.folder / "weights.bin").write_bytes(b"other")
    with pytest.raises(ArtefactDamaged):
        artefacts.champion(tmp_path / "here", "shop")


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda r, _: r.version("nobody"), "no model 'nobody'"),
        (lambda r, _: r.fetch("nobody"), "no model 'nobody'"),
        (lambda r, _: r.promote("nobody", WON), "no model 'nobody'"),
        (lambda r, _: r.rollback("nobody"), "no model 'nobody'"),
        (lambda r, p: r.register("A b", saved(p / "x"), {}, "", "", {}), "cannot be named 'A b'"),
        (lambda r, p: r.register("../x", saved(p / "x"), {}, "", "", {}), "cannot be named"),
        (lambda r, p: r.register("empty", p, {}, "", "", {}), "holds no files"),
        (
            lambda r, p: r.register("much", saved(p / "x"), {}, "", "", {"a": "x" * 99_999}),
            "90000 fit",
        ),
    ],
)
def test_what_cannot_be_is_told(registry, tmp_path, call, told) -> None:
    with pytest.raises(RegistryError, match=told):
        call(registry, tmp_path)


def test_an_unknown_version_names_those_there_are(registry, name, tmp_path) -> None:
    register(registry, name, tmp_path)
    for which in ("champion", "9.9.9", 77):
        with pytest.raises(RegistryError, match=rf"{which}.*It has 1\.0\.0"):
            registry.version(name, which)
    assert registry.versions("nobody") == []
    with pytest.raises(RegistryError, match=r"There is no model '\.\./x'"):
        registry.version("../x")


@pytest.mark.parametrize("scheme", ["postgresql", "http"])
def test_an_unreachable_registry_is_told_without_its_password(
    tmp_path, monkeypatch, scheme
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    registry = Registry(tmp_path, f"{scheme}://me:secret@127.0.0.1:9/none")
    with pytest.raises(
        RegistryError, match=rf"{scheme}://me:…@127\.0\.0\.1:9/none cannot be used"
    ) as told:
        registry.names()
    assert "secret" not in str(told.value)


def test_no_part_of_what_mlflow_says_shows_the_password(tmp_path) -> None:
    book = Registry(tmp_path, "https://me:secret@mlflow.example/x")._book
    said = book.without_password(
        "https://me:secret@mlflow.example/x/api, https://me:secret@mlflow.example/y"
    )
    assert said == "https://me:…@mlflow.example/x/api, https://me:…@mlflow.example/y"


def test_a_folder_that_cannot_be_written_is_told(tmp_path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RegistryError, match="cannot be written"):
        register(Registry(tmp_path / "file" / "models"), "shop", tmp_path)


def test_what_is_not_a_number_is_left_out_of_the_metrics(registry, name, tmp_path) -> None:
    made = registry.register(name, saved(tmp_path / "x"), {"a": float("nan"), "b": 1}, "", "", {})
    assert made.record.metrics == {"b": 1.0}


def test_a_pointer_that_cannot_be_read_is_told(tmp_path) -> None:
    with pytest.raises(RegistryError, match="has no champion yet"):
        artefacts.champion(tmp_path, "shop")
    (tmp_path / "champions").mkdir()
    (tmp_path / "champions" / "shop.json").write_text("{")
    with pytest.raises(RegistryError, match="cannot be read"):
        artefacts.champion(tmp_path, "shop")


def test_nothing_that_trains_is_imported_before_it_is_used(root) -> None:
    script = f"""
import sys, pkgutil, importlib, pathlib
import omnix.ml
for found in pkgutil.iter_modules(omnix.ml.__path__):
    importlib.import_module("omnix.ml." + found.name)
from omnix.ml.registry import Registry
from omnix.ml import artefacts
Registry(pathlib.Path({str(root)!r}))
heavy = {{"mlflow", "torch", "prophet", "sklearn", "lightgbm", "statsforecast", "mlforecast", "pandas", "scipy"}}
assert not heavy & set(sys.modules), heavy & set(sys.modules)
"""  # fmt: skip
    subprocess.run([sys.executable, "-c", script], check=True)
