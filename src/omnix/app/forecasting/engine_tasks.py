"""What the forecasting engine is asked, in a process that may import what trains."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from omnix.app.forecasting.phrases import share, told
from omnix.app.forecasting.sentences import emptiness
from omnix.app.forecasting.subject import Subject
from omnix.ml.errors import ModelError, TooLittleData
from omnix.pipeline.engine import connect

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from omnix.app.app import App
    from omnix.ml.forecasting.bundle import Chosen
    from omnix.ml.forecasting.run import Result
    from omnix.ml.forecasting.task import Task
    from omnix.systems.market_intelligence.tasks import Sales

Tell = Callable[[Mapping[str, Any]], None]
#: What the engine reads, as `Sales` takes them.
TABLES = ("sales_series", "promotions", "holidays", "categories")
LEVELS = (50, 80, 95)
SCORES = ("mase", "rmsse", "wape", "mape", "smape", "rmse", "mae", "bias", "r2")
SEED = 7
#: Nothing was sold before; years are counted back from a cut, and the calendar begins with year 1.
_EARLIEST = date(1900, 1, 1)


@dataclass(frozen=True)
class Question:
    """One series up to a cut, and how far ahead."""

    subject: Subject
    sales: Sales
    horizon: int

    @property
    def name(self) -> str:
        """The engine's name of the series."""
        return f"{self.subject.level}={self.subject.item}"

    def task(self) -> Task:
        """As the engine takes it.

        Raises:
            TooLittleData: nothing of it was sold in that time.

        """
        subject = self.subject
        found = self.sales.task(subject.metric.name, _grain(subject.grain), frozenset({self.name}))
        if not len(found.history):
            raise TooLittleData(
                "Nothing of it was sold in that time.", "sales of it before the last day that may be used"
            )  # fmt: skip
        return replace(found, horizons={subject.level: self.horizon})

    def daily(self) -> Task:
        """The series by day, whatever the grain that is asked."""
        return self.sales.task(self.subject.metric.name, "day", frozenset({self.name}))

    def rows(self, level: str, item: str) -> duckdb.DuckDBPyRelation:
        """The rows of one item in `sales_series`."""
        from duckdb import ColumnExpression, ConstantExpression

        is_level = ColumnExpression("level") == ConstantExpression(level)
        return self.sales.rows.filter(
            is_level & (ColumnExpression("item") == ConstantExpression(item))
        )

    def of_promotions(self) -> tuple[str, str]:
        """Level and item whose promotions concern the series: its category, else the whole shop."""
        level, item = self.subject.level, self.subject.item
        if level == "product":
            own = self.sales.items
            return "category", str(own.loc[own["unique_id"] == self.name, "parent"].iloc[0])
        return (level, item) if level == "category" else ("shop", "")

    def campaigns(self) -> list[frozenset[date]]:
        """The days of every promotion that is no standing offer."""
        found = self.sales.promotions.filter("date_diff('day', starts_at, ends_at) < 92")
        return [
            frozenset(map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1)))
            for first, last in found.project("starts_at::date, ends_at::date").fetchall()
        ]


def _grain(name: str) -> Any:
    return name


def question(app: App, asked: Mapping[str, Any]) -> Question:
    """What is asked, over the versions of the tables that the asker has seen."""
    from omnix.systems.market_intelligence.tasks import Sales

    settings = app.settings
    con = connect(threads=settings.threads, memory_limit=settings.memory_limit, spill=settings.home / "cache" / "spill")  # fmt: skip
    versions = asked["versions"]
    for name in TABLES:
        app.lake.view(con, app.graph.tables[name].path, as_name=name, version=versions[name])
    snapshot = app.lake.snapshot(app.graph.tables["sales_series"].path, versions["sales_series"])
    until = _until(snapshot.metadata.get("omnix.as_of") if snapshot else "", con)
    if (last := asked.get("end")) and date.fromisoformat(last) < until:
        until = max(date.fromisoformat(last) + timedelta(days=1), _EARLIEST)
    start = date.fromisoformat(asked["start"]) if asked.get("start") else date.min
    rows = con.sql(f"select * from sales_series where sold_on >= date '{start}' and sold_on < date '{until}'")  # fmt: skip
    sales = Sales(
        rows, con.table("promotions"), con.table("holidays"), con.table("categories"), until
    )
    subject = Subject.of(asked["metric"], asked["level"], asked["item"], asked["grain"])
    return Question(subject, sales, int(asked["horizon"]))


def _until(as_of: str | None, con: Any) -> date:
    if as_of:
        return date.fromisoformat(as_of)
    newest = con.sql("select max(sold_on) from sales_series").fetchall()[0][0]
    return (newest or date(1970, 1, 1)) + timedelta(days=1)


def forecast(app: App, asked: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """A forecast of one series; with too little history an empty one that says what is needed."""
    from omnix.ml.forecasting.run import run

    one = question(app, asked)
    try:
        task = one.task()
        made = run(
            task, models=asked["models"], budget_seconds=asked["budget"], seed=SEED, tell=_steps(tell, one.subject.grain)
        )  # fmt: skip
    except TooLittleData as error:
        return {**nothing(), "metadata": _metadata(one, None), **because(error)}
    return {**_answer(one, made), "metadata": _metadata(one, task), **emptiness(None)}  # fmt: skip


def compare(app: App, asked: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """Every candidate on the same folds of one series."""
    from omnix.ml.forecasting.run import compare as compared

    one = question(app, asked)
    try:
        task = one.task()
        rows = compared(
            task, models=asked["models"], budget_seconds=asked["budget"], seed=SEED, tell=_steps(tell, one.subject.grain)
        )  # fmt: skip
    except TooLittleData as error:
        return {**nothing_compared(), "metadata": _metadata(one, None), **because(error)}
    listed = comparison(rows)
    return {
        "evaluation_results": {each["model"]: {n: each[n] for n in SCORES} for each in listed},
        "comparison": listed,
        "best_model": next((each["model"] for each in listed if each["is_best"]), None),
        "chosen_model": next((each["model"] for each in listed if each["chosen"]), None),
        "metadata": _metadata(one, task),
        **emptiness(None),
    }


def nothing_compared() -> dict[str, Any]:
    """A comparison of nothing."""
    return {"evaluation_results": {}, "comparison": [], "best_model": None, "chosen_model": None}


def comparison(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """The candidates by their errors, the least first; that one is the best."""
    ranked = sorted(rows.to_dict("records"), key=lambda row: (_or_last(row["mase"]), row["model"]))
    return [
        {
            "model": row["model"],
            **{name: _number(row[name]) for name in SCORES},
            "is_best": place == 0,
            "is_baseline": row["model"] == row["baseline"],
            "chosen": bool(row["chosen"]),
            "margin": _number(row["margin"]),
            "reason": row["reason"] or "",
        }
        for place, row in enumerate(ranked)
    ]


def _or_last(value: Any) -> float:
    return float(value) if value is not None and value == value else float("inf")  # noqa: PLR0124 - NaN


def _number(value: Any) -> float | None:
    return None if value is None else share(float(value))


def _answer(one: Question, made: Result) -> dict[str, Any]:
    rows, unit = made.rows.sort_values("ahead"), one.subject.metric.unit
    choice, listed = made.plan.choice(one.name), comparison(made.comparison) if len(made.comparison) else []  # fmt: skip
    chosen: dict[str, Any] = next((each for each in listed if each["chosen"]), {})
    intervals = {
        str(level): {
            "lower": _values(rows[f"lower_{level}"], unit),
            "upper": _values(rows[f"upper_{level}"], unit),
        }
        for level in LEVELS
    }
    return {
        "forecast": _values(rows["value"], unit),
        "dates": [each.date().isoformat() for each in rows["ds"]],
        "lower_bound": intervals["95"]["lower"],
        "upper_bound": intervals["95"]["upper"],
        "confidence_level": 0.95,
        "intervals": intervals,
        "baseline": _values(rows["baseline"], unit),
        "closed": [bool(each) for each in rows["closed"]],
        "model": choice.model,
        "selected_model": choice.model,
        "reason": choice.reason,
        "params": {"weights": {name: share(value) for name, value in choice.weights.items()}, "baseline": choice.baseline},
        "evaluation_metrics": {name: chosen[name] for name in SCORES} if chosen else None,
        "model_comparison": listed,
        "stored": False,
    }  # fmt: skip


def _values(values: Sequence[float] | pd.Series, unit: str) -> list[float | int | None]:
    return [told(float(each), unit) for each in values]


def nothing() -> dict[str, Any]:
    """A forecast of nothing."""
    empty: dict[str, Any] = {"lower": [], "upper": []}
    return {
        "forecast": [], "dates": [], "lower_bound": [], "upper_bound": [], "confidence_level": 0.95,
        "intervals": {str(level): dict(empty) for level in LEVELS}, "baseline": [], "closed": [],
        "model": None, "selected_model": None, "reason": "", "params": None,
        "evaluation_metrics": None, "model_comparison": [], "stored": False,
    }  # fmt: skip


def because(error: TooLittleData) -> dict[str, Any]:
    """Why there is no answer, as an empty one says it."""
    return emptiness((error.what, f"{error.needed[:1].upper()}{error.needed[1:]}."))


def _metadata(one: Question, task: Task | None) -> dict[str, Any]:
    subject = one.subject
    items = one.sales.items
    currency = str(items["currency"].iloc[0]) if len(items) and subject.metric.unit == "money" else None  # fmt: skip
    return {
        "metric": subject.metric.name,
        "unit": subject.metric.unit,
        "currency": currency,
        "grain": subject.grain,
        "horizon": one.horizon,
        "data_points": len(task.history) if task else 0,
        "start_date": task.history["ds"].min().date().isoformat() if task else None,
        "end_date": task.last.isoformat() if task else None,
        "product_id": subject.item if subject.level == "product" else None,
        "store_id": subject.item if subject.level == "store" else None,
        "category_id": subject.item if subject.level == "category" else None,
        "country": subject.item if subject.level == "country" else None,
        "generated_at": datetime.now(UTC).replace(microsecond=0).isoformat(),
    }


def _steps(tell: Tell, grain: str) -> Callable[[str, int, int], None]:
    """Tells each fit of a backtest with its model, and the last one as such."""
    from omnix.ml.forecasting import candidates

    known = candidates(_grain(grain))

    def said(words: str, done: int, total: int) -> None:
        model = words.partition(" on ")[0]
        step = "fitting" if model in known else "finishing"
        tell({
            "step": step, "done": done, "total": total, "words": words,
            "model": model if model in known else None,
        })  # fmt: skip

    return said


def chosen_for(app: App, one: Question, task: Task, asked: Mapping[str, Any], tell: Tell) -> tuple[Chosen, str]:  # fmt: skip
    """The stored model of the series with its version; where there is none, one chosen now."""
    from omnix.ml.forecasting.grains import Grains
    from omnix.ml.forecasting.run import run

    stored = app.models().champion(f"forecast-{one.subject.metric.name}")
    try:
        model = stored.model() if stored else None
    except ModelError:  # damaged, or of another release: the next run makes a new one
        model = None
    if stored and isinstance(model, Grains):
        plan = model.plan(one.subject.grain)
        if plan and one.name in plan.groups:
            return model.of(one.subject.grain), stored.semantic
    made = run(
        task, budget_seconds=asked["budget"], seed=SEED, tell=_steps(tell, one.subject.grain)
    )
    return made.chosen, ""
