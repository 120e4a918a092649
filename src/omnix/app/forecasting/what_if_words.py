"""A plan's answer in words: what it rests on, and where it should not be trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from omnix.app.forecasting.phrases import amount, percent, periods
from omnix.app.forecasting.said import Said

if TYPE_CHECKING:
    from omnix.app.forecasting.what_if_parts import Part

_A = {"promotion": "a promotion", "price": "another price", "closed": "a closing"}
_NAMES = {
    "promotion": ("promotion", "promotions"),
    "price": ("change of the price", "changes of the price"),
    "closed": ("closing", "closings"),
}
_NEVER = {
    "promotion": "Its past has no promotion: nothing can be said of one.",
    "price": "Its price never changed: nothing can be said of another one.",
    "closed": "Its past has no closing but the week's and those for holidays: what customers make up for cannot be said.",
}


def explained(before: float, after: float | None, currency: str | None, span: str) -> str:
    """What the changes do to the sum, in a sentence; `after` None: nobody knows."""
    if after is None:
        return f"{amount(before, currency)} in the next {span}; what the changes do to it cannot be said."  # fmt: skip
    told = f"{amount(after, currency)} instead of {amount(before, currency)} in the next {span}"
    if before <= 0 or abs(after - before) < 0.0005 * before:
        return f"{told}: no difference."
    return f"{told}: {percent((after - before) / before)} {'more' if after > before else 'less'}."


def of_past(part: Part) -> str:
    """ "From 13 past promotions (126 days): +12 % (80 %: +4 … +19 %)." """
    past, share, (one, many) = part.past, part.share, _NAMES[part.kind]
    if share is None:
        return _untold(part)
    count = f"{past.episodes} past {one if past.episodes == 1 else many}"
    days = f" ({periods(past.days, 'day')})" if part.kind != "price" else ""
    of = {"price": " for this price", "closed": " of what the closed days would have sold"}
    told = f"From {count}{days}: {signed(share.mean)}{of.get(part.kind, '')}"
    if share.lower is None or share.upper is None:
        return f"{told}; a single one does not tell how much the next may differ."
    return f"{told} (80 %: {signed(share.lower)} … {signed(share.upper)})."


def _untold(part: Part) -> str:
    if part.past.because == "no_prices":
        return "Prices are known of single products alone: nothing can be said of another one here."
    if part.past.because == "outside":
        low, high = (signed(each) for each in part.past.prices)
        return f"Its price only ever changed by {low} to {high}: nothing can be said of one so far off."  # fmt: skip
    if part.past.because == "few":
        return f"{_A[part.kind].capitalize()} happened, but the days around it do not tell what is ordinary: nothing can be said."  # fmt: skip
    if part.past.because == "vague":
        return f"{part.past.episodes} past {_NAMES[part.kind][1]} went so differently that nothing can be said of the next."
    return _NEVER[part.kind]


def signed(share: float) -> str:
    """ "+12 %", "−4 %"."""
    return f"{'−' if share < 0 else '+'}{percent(share)}"


def outside(change: Mapping[str, Any]) -> Said:
    """A change of days that are not forecast."""
    kind, first, last = (change[name] for name in ("kind", "from", "to"))
    words = f"The {_NAMES[kind][0]} from {first} to {last} lies outside of the days ahead: it changes nothing."  # fmt: skip
    return Said("outside", words, {"kind": kind, "from": first, "to": last})


def warnings(parts: Sequence[Part], model: str, gains: Mapping[str, float]) -> list[Said]:
    """Where the answer should not be trusted. `gains`: what the model says more, by kind."""
    found = []
    for part in parts:
        kind = part.kind
        if part.idle:
            found.append(Said("already", f"On these days there is {_A[kind]} already: it changes nothing.", {"kind": kind}))  # fmt: skip
        elif part.source is None:
            found.append(Said("unknown", f"What {_A[kind]} does is not in these figures: nothing can be said of it.", {"kind": kind}))  # fmt: skip
        elif part.source == "past":
            words = f"The model that forecasts it ({model}) does not read what {_A[kind]} does: the effect is that of the past."  # fmt: skip
            found.append(Said("from_past", words, {"kind": kind, "model": model}))
        elif kind != "closed" and (off := _off(part, gains[kind])):
            found.append(off)
    if any(part.kind != "closed" and part.source and not part.idle for part in parts):
        words = "It is what went with promotions and prices in the past, not what they caused."
        found.append(Said("not_cause", words, {}))
    return found


def _off(part: Part, gain: float) -> Said | None:
    """A warning where the model's effect lies outside of what past episodes went with."""
    told = part.effect
    if told is None or told.lower is None or told.upper is None or told.lower <= gain <= told.upper:
        return None
    own, way = gain / part.whole, "less" if gain < told.lower else "more"
    words = f"The model expects {signed(own)} of it, which is {way} than past ones went with."
    return Said("unlike_past", words, {"kind": part.kind, "share": round(own, 4), "way": way})
