"""The sentences that tables and models hold, read back as a code and values.

Tables keep why something is so in English, for whoever reads them. A face that speaks another language
needs what stands in the sentence: `read` finds it by the form that each has. What is not known here
has no code, and is shown as it is. Tests hold the forms against those who write the sentences.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from omnix.app.forecasting.said import Said

Code = Literal[
    "lowest_error", "baseline_best", "not_surely", "not_paid", "as_group", "still_dead", "still_constant", "still_new",
    "still_short", "still_untried", "by_name", "winners",
    "verdict_few", "verdict_same", "verdict_worse", "verdict_less", "verdict_luck", "verdict_least",
    "first_champion", "promoted_by_hand", "rolled_back_by_hand", "back_from", "because_version",
    "growth", "decline", "season_strong", "within", "anything", "need_growth", "need_growth_sales",
    "need_year_before", "need_season", "need_stationarity", "need_trend", "nothing_left",
    "level_rose", "level_fell", "year_faster", "year_slower",
    "level_rose_near", "level_fell_near", "faster_near", "slower_near",
    "no_price_in", "price_nought", "not_sold", "prices_old", "cost_unknown_in", "cost_unknown",
    "below_floor", "floor_reached", "floor_stops", "step_down", "to_mean", "step_up", "to_cheapest",
    "stays_below", "stays_tied", "stays_within",
    "score_few", "score_same", "score_better", "score_worse",
    "never_built", "nothing_sold", "too_new", "none_stored", "none_fits", "none_compared", "none_tried",
    "no_trend", "no_feed", "no_feed_of", "none_trained", "too_short", "not_in_time",
    "need_run", "need_run_to_train", "need_orders", "need_history", "need_history_more", "need_new_sales",
    "need_other_time", "need_top_series", "need_feed", "need_sales_before",
    "purpose", "trained_on", "limit_tried", "limit_knows", "of_group",
]  # fmt: skip

#: By code, how the sentence is written; `{name:kind}` stands for a value (see `_KINDS`), `{:s}` for a plural's s.
FORMS: Mapping[Code, str] = MappingProxyType({
    # why a model forecasts (omnix.ml.forecasting.choose, decide, run; scores)
    "lowest_error": "Lowest error of {candidates:n} candidates on {cuts:n} past cut{:s}: {margin:p} below {baseline:m}; next is {next:m}.",
    "baseline_best": "No candidate had a lower error than the baseline {baseline:m} on {cuts:n} past cut{:s}.",
    "not_surely": "{model:m} was not surely better than {baseline:m}: {because:rest}",
    "not_paid": "{model:m} had {gain:p} less error on {series:n} of {every:n} series, too little for a fit of its own: {because:rest}",
    "as_group": "Not tried by itself; as {level:m}, {series_class:m}: {because:rest}",
    "still_dead": "Nothing was sold for a long time; the baseline forecasts.",
    "still_constant": "It never changes; the baseline forecasts.",
    "still_new": "It is new; the baseline forecasts.",
    "still_short": "Too few sales to try anything on the past; the baseline forecasts.",
    "still_untried": "It was not tried on the past; the baseline forecasts.",
    "by_name": "{model:m} was asked for by name.",
    "winners": "Chosen for {winners:n} of {series:n} series.",
    # whether one is better than another (omnix.ml.compare)
    "verdict_few": "{count:n} independent forecasts cannot tell skill from luck; {needed:n} are needed.",
    "verdict_same": "The same loss on {count:n} forecasts.",
    "verdict_worse": "{size:p} more loss on {count:n} shared forecasts (p = {p:f}): no better.",
    "verdict_less": "{size:p} less loss on {count:n} shared forecasts (p = {p:f}).",
    "verdict_luck": "{size:p} less loss on {count:n} shared forecasts (p = {p:f}): it may be luck, p must be below {alpha:f}.",
    "verdict_least": "{size:p} less loss on {count:n} shared forecasts (p = {p:f}): less than the {least:p} that is asked.",
    # the registry
    "first_champion": "The first one.",
    "promoted_by_hand": "Promoted by hand.",
    "rolled_back_by_hand": "Rolled back by hand.",
    "back_from": "Back from {version:v}: {because:rest}",
    "because_version": "{version:v}: {because:rest}",
    # trends
    "growth": "Growth of {moved:p} in {weeks:n} weeks ({low:p} to {high:p}).",
    "decline": "Decline of {moved:p} in {weeks:n} weeks ({low:p} to {high:p}).",
    "season_strong": "No trend, but the season of the year is strong ({strength:f}).",
    "within": "Within {low:p} to {high:p} in {weeks:n} weeks.",
    "anything": "Anything from {low:p} to {high:p} in {weeks:n} weeks is possible: too much chance to tell.",
    "need_growth": "Yearly growth needs {needed:n} days; there are {days:n}.",
    "need_growth_sales": "Yearly growth needs sales in the first year.",
    "need_year_before": "The year before needs {needed:n} days.",
    "need_season": "The season of the year needs two years.",
    "need_stationarity": "Stationarity needs {needed:n} weeks.",
    "need_trend": "A trend needs {needed:n} weeks; there are {weeks:n}.",
    "nothing_left": "Nothing is left of the last {weeks:n} weeks.",
    # trend_changes
    "level_rose": "The level rose by {by:p}, weekdays, season and promotions aside.",
    "level_fell": "The level fell by {by:p}, weekdays, season and promotions aside.",
    "year_faster": "From here on a year grows faster: by a factor of {factor:f} against before.",
    "year_slower": "From here on a year grows slower: by a factor of {factor:f} against before.",
    "level_rose_near": "The level rose near nought, weekdays, season and promotions aside.",
    "level_fell_near": "The level fell near nought, weekdays, season and promotions aside.",
    "faster_near": "From here on it grows faster; near nought no share tells by how much.",
    "slower_near": "From here on it grows slower; near nought no share tells by how much.",
    # competitive_pricing
    "no_price_in": "We have no price in {currency:m} to compare.",
    "price_nought": "Our price is nought.",
    "not_sold": "We do not sell it any more.",
    "prices_old": "Every price was seen more than 90 days ago.",
    "cost_unknown_in": "Its cost is not known in {currency:m}, so nothing is suggested.",
    "cost_unknown": "Its cost is not known, so nothing is suggested.",
    "below_floor": "Our price lies below cost + 10 %, which is {floor:f}.",
    "floor_reached": "{above:p} above the market, and as low as cost + 10 % allows.",
    "floor_stops": "{above:p} above the market; cost + 10 % stops the way down to it.",
    "step_down": "{above:p} above the market; a fifth less is the most for one step.",
    "to_mean": "{above:p} above the market: down to its mean.",
    "step_up": "Nobody is cheaper, and we are {below:p} below the market: up by a fifth, the most for one step.",
    "to_cheapest": "Nobody is cheaper, and we are {below:p} below the market: up to the cheapest competitor.",
    "stays_below": "Below the market, but not the cheapest: it stays.",
    "stays_tied": "Below the market; nobody is cheaper, but another asks as little: it stays.",
    "stays_within": "Within 5 % of the market: it stays.",
    # scoreboard
    "score_few": "{count:n} forecast{:s} of {ahead:span} over so far; {needed:n} are needed to say whether they get better.",
    "score_same": "The last {half:n} forecasts of {ahead:span} were off by {now:p} on average, the {before:n} before by {was:p}: no more of a difference than chance makes.",
    "score_better": "The last {half:n} forecasts of {ahead:span} were off by {now:p} on average, the {before:n} before by {was:p}: they are getting better.",
    "score_worse": "The last {half:n} forecasts of {ahead:span} were off by {now:p} on average, the {before:n} before by {was:p}: they are getting worse.",
    # why there is nothing
    "never_built": "The table {table:m} was never built.",
    "nothing_sold": "Nothing was sold yet.",
    "too_new": "It was first sold on {day:day}: {length:span} of history are too few to try a forecast on before it is shown.",
    "none_stored": "No forecast by {grain:m} is stored for it: nothing was sold of late, or it was new when the forecasts were made on {day:iso}.",
    "none_fits": "Nothing was sold that fits.",
    "none_compared": "No forecast of this series was kept to be compared.",
    "none_tried": "No candidate was tried on this series: it has too little history.",
    "no_trend": "No trend between {first:iso} and {last:iso} fits.",
    "no_feed": "No competitor's price is known: there is no feed.",
    "no_feed_of": "No competitor's price of product {product:quoted} is known.",
    "none_trained": "No model was trained yet.",
    "too_short": "There are {length:span} of history.",
    "not_in_time": "Nothing of it was sold in that time.",
    # what it would take
    "need_run": "A run: `omnix run --system market_intelligence`, or the button Start a run on the page Runs.",
    "need_run_to_train": "A run trains them: `omnix run --system market_intelligence`, or the button Start a run on the page Runs.",
    "need_orders": "Orders: a forecast needs a past.",
    "need_history": "{length:span} of history.",
    "need_history_more": "More of its history.",
    "need_new_sales": "New sales and a run: `omnix run --system market_intelligence`, or the button Start a run on the page Runs.",
    "need_other_time": "Another time, level or item.",
    "need_top_series": "The countries, stores, categories and products that sell most are, and the shop; or a run later.",
    "need_feed": "Prices of competitors: the shop's own table `competitor_prices`, or a CSV with the columns product_id, competitor_name, competitor_price, observed_at and, where it is not the shop's, currency, sent to POST /api/v1/market-intelligence/competitor-prices.",
    "need_sales_before": "Sales of it before the last day that may be used.",
    # of a trained version (_outlooks)
    "purpose": "Forecasts of {metric:words}: the table `forecasts`, and what-ifs.",
    "trained_on": "{values:n} values of {series:n} series from {first:iso} to {last:iso}.",
    "limit_tried": "By {grain:m}: tried on {cuts:n} past cuts, at most {ahead:span} ahead; farther intervals are widened by the root of the distance.",
    "limit_knows": "It knows weekdays, holidays, planned promotions and past prices; nothing of rivals or the weather.",
    "of_group": "By {grain:m}: {level:level}, {series_class:m}: {because:rest}",
})  # fmt: skip


def _share(told: str) -> float:
    return round(float(told.replace("−", "-").replace(",", "").rstrip("% ")) / 100, 6)


def _span(told: str) -> dict[str, Any]:
    count, _, grain = told.rpartition(" ")
    return {"count": int(count or 1), "grain": grain.removesuffix("s")}


#: By kind, the pattern of a value and how it is read.
_KINDS: Mapping[str, tuple[str, Callable[[str], Any]]] = MappingProxyType({
    "n": (r"\d[\d,]*", lambda told: int(told.replace(",", ""))),
    "f": (r"−?\d[\d,]*(?:\.\d+)?(?:e-\d+)?", lambda told: float(told.replace(",", "").replace("−", "-"))),
    "p": (r"[−-]?\d[\d,]*(?:\.\d+)?(?:e-\d+)? ?%", _share),
    "m": (r"\w+", str),
    "v": (r"\d+\.\d+\.\d+", str),
    "words": (r"[\w ]+", lambda told: told.replace(" ", "_")),
    "level": (r"shop|country|store|category|product", str),
    "quoted": (r"(?:'[^']*'|\"[^\"]*\")", lambda told: told[1:-1]),
    "span": (r"(?:\d+ )?(?:day|week|month)s?", _span),
    "iso": (r"\d{4}-\d{2}-\d{2}", str),
    "day": (r"\d{1,2} \w+ \d{4}", lambda told: datetime.strptime(told, "%d %B %Y").date().isoformat()),  # noqa: DTZ007
    "rest": (r".+", lambda told: [each.as_json() for each in read(told)] or told),
})  # fmt: skip
_PLACE = re.compile(r"\{(\w*):(\w+)\}")


def read(words: str | None) -> list[Said]:
    """The sentences of a text; none where one of them is not known."""
    found: list[Said] = []
    rest = (words or "").strip()
    while rest:
        for code, (pattern, kinds) in _patterns().items():
            if match := pattern.match(rest):
                values = {name: _KINDS[kind][1](match[name]) for name, kind in kinds.items()}
                found.append(Said(code, match[0], values))
                rest = rest[match.end() :].lstrip()
                break
        else:
            return []
    return found


def told(words: str | None) -> list[dict[str, Any]]:
    """`read` as answers give it."""
    return [each.as_json() for each in read(words)]


def emptiness(because: tuple[str, str | None] | None) -> dict[str, Any]:
    """Why there is nothing and what it would take, in words and to be said otherwise; None: there is something."""
    why, needed = because or (None, None)
    return {
        "empty_because": why, "needed": needed, "empty_said": told(why), "needed_said": told(needed),
    }  # fmt: skip


@cache
def _patterns() -> dict[str, tuple[re.Pattern[str], dict[str, str]]]:
    """By code, the pattern of a sentence that ends a text or is followed by another; and its values' kinds."""
    found: dict[str, tuple[re.Pattern[str], dict[str, str]]] = {}
    for code, form in FORMS.items():
        parts, at, kinds = [], 0, {}
        for place in _PLACE.finditer(form):
            parts.append(re.escape(form[at : place.start()]))
            at = place.end()
            name, kind = place.groups()
            if name:
                kinds[name] = kind
                parts.append(f"(?P<{name}>{_KINDS[kind][0]})")
            else:
                parts.append("s?")
        parts.append(re.escape(form[at:]))
        found[code] = (re.compile("".join(parts) + r"(?= |$)"), kinds)
    return found
