from __future__ import annotations

import inspect

import pytest

from omnix.core import errors
from omnix.core.errors import OmnixError, UnknownTableError, nearest

TREE = [
    each for _, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, OmnixError)
]


@pytest.mark.parametrize("error", TREE)
def test_the_drawn_tree_is_the_real_one(error: type[OmnixError]) -> None:
    assert error.__name__ in (errors.__doc__ or "")


@pytest.mark.parametrize("error", TREE)
def test_every_error_ends_a_command_with_its_own_code(error: type[OmnixError]) -> None:
    assert 1 <= error.exit_code <= 7


def test_what_and_step_make_one_sentence() -> None:
    error = OmnixError("It broke.", "Mend it.")
    assert (str(error), error.what, error.step) == ("It broke. Mend it.", "It broke.", "Mend it.")


def test_an_unknown_table_names_the_nearest() -> None:
    error = UnknownTableError("sales_dayly", ["orders", "sales_daily"])
    assert "Did you mean 'sales_daily'?" in error.step


def test_nothing_near_is_no_hint() -> None:
    assert nearest("xyz", ["orders"]) == ""
