"""Who asked for a run, on both kinds of store; a store that is gone costs no run."""

from __future__ import annotations

from datetime import datetime

import pytest

from omnix.app.runs import Run, ledger
from omnix.core.clock import utc_now
from omnix.core.errors import StoreError
from omnix.store import Store
from omnix.store.models.runs import ServiceRun
from omnix.store.models.users import User

ID = "20260102T030405-abcdef"
BEGUN, ENDED = datetime(2026, 1, 2, 3, 4, 5), datetime(2026, 1, 2, 3, 5)


def add_user(store: Store) -> str:
    now = utc_now()
    with store.session() as session:
        user = User(email="dana@shop.example", name="Dana", role="manager", created_at=now, updated_at=now)  # fmt: skip
        session.add(user)
    return user.id


def test_a_run_is_written_down_from_asking_to_end(store: Store):
    who = add_user(store)
    ledger.asked(store, ID, {"tables": ["orders"], "full": False}, who)
    ledger.ended(store, Run(ID, "failed", BEGUN, ENDED, message="It was killed."))
    with store.reading() as session:
        row = session.get(ServiceRun, ID)
    assert row is not None
    assert (row.status, row.requested_by, row.message) == ("failed", who, "It was killed.")
    assert row.request == {"tables": ["orders"], "full": False}
    assert row.ended_at.replace(tzinfo=None) == ENDED


def test_people_are_told_by_name_and_only_those_who_are_still_there(store: Store):
    who = add_user(store)
    runs = [Run(ID, "succeeded", BEGUN, started_by=each) for each in (who, "gone", None)]
    assert [each.started_by for each in ledger.with_names(store, runs)] == ["Dana", None, None]


def test_an_end_that_nobody_asked_for_is_nothing(store: Store):
    ledger.ended(store, Run(ID, "failed", BEGUN, ENDED))
    with store.reading() as session:
        assert session.get(ServiceRun, ID) is None


def test_a_store_that_is_gone_refuses_the_asking_and_no_more(tmp_path_factory):
    lost = Store("", tmp_path_factory.mktemp("lost"))
    with pytest.raises(StoreError):
        ledger.asked(lost, ID, {}, None)
    ledger.ended(lost, Run(ID, "failed", BEGUN, ENDED))
    (run,) = ledger.with_names(lost, [Run(ID, "failed", BEGUN, started_by="x")])
    assert run.started_by is None
    lost.close()


def test_without_a_store_nothing_is_written():
    ledger.asked(None, ID, {}, "x")
    ledger.ended(None, Run(ID, "failed", BEGUN, ENDED))
    assert ledger.with_names(None, [Run(ID, "failed", BEGUN, started_by="x")])[0].started_by == "x"
