"""Countries as shops write them, by name or code, and the code that holidays are kept under."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

#: Names in use that no list of states has.
_ALSO: Mapping[str, str] = MappingProxyType({
    "uk": "GB", "greatbritain": "GB", "england": "GB", "eire": "IE", "holland": "NL", "usa": "US",
    "korea": "KR", "czechrepublic": "CZ", "russia": "RU", "uae": "AE", "rsa": "ZA",
})  # fmt: skip


def code_of(country: str) -> str | None:
    """The ISO 3166 code of a country, from its English name or its two or three letters; None if unknown.

    What is no country with known holidays has none: a state or a region.
    """
    return _codes().get(_plain(country))


@cache
def _codes() -> Mapping[str, str]:
    from holidays.registry import COUNTRIES

    found = dict(_ALSO)
    for module, (name, code, *more) in COUNTRIES.items():
        for each in (module, name, code, *more):
            found[_plain(each)] = code
    return found


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
