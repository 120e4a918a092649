"""The audit log only grows, and shows if it was changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text

from app.accounts.world import HOME, World, at_once
from omnix.app.accounts import AuditCheck
from omnix.app.accounts.errors import InvalidField
from omnix.core.errors import StoreConflict
from omnix.store import Store


def fill(world: World, count: int = 5) -> None:
    for number in range(count):
        world.accounts.audit.record(f"thing.{number}", object=str(number), origin=HOME)
        world.clock.advance(minutes=1)


def tamper(store: Store, *statements: str) -> None:
    """As somebody would who owns the database: first the triggers go."""
    triggers = (
        ["drop trigger audit_no_update", "drop trigger audit_no_delete"]
        if store.is_sqlite
        else ["drop trigger audit_no_change on audit"]
    )
    with store.session() as session:
        for statement in [*triggers, *statements]:
            session.execute(text(statement))


def test_a_row_says_who_did_what_when_and_from_where(world: World) -> None:
    person = world.person()
    world.accounts.audit.record(
        "table.exported",
        actor_id=person.id,
        object="customers",
        origin=HOME,
        detail={"rows": 12, "format": "csv"},
    )
    row = world.accounts.audit.list().data[0]
    assert (row.action, row.object, row.outcome) == ("table.exported", "customers", "success")
    assert (row.actor_id, row.actor_email) == (person.id, "dana@shop.example")
    assert (row.at, row.address, row.request_id) == (world.clock.now, HOME.address, "req-1")
    assert row.detail == {"rows": 12, "format": "csv"}


def test_pages_go_from_the_newest_to_the_oldest(world: World) -> None:
    fill(world, 5)
    first = world.accounts.audit.list(limit=2)
    second = world.accounts.audit.list(limit=2, cursor=first.next_cursor)
    third = world.accounts.audit.list(limit=2, cursor=second.next_cursor)
    assert [row.id for page in (first, second, third) for row in page.data] == [5, 4, 3, 2, 1]
    assert third.next_cursor is None


def test_rows_are_chosen_by_action_actor_and_time(world: World) -> None:
    person = world.person()
    start = world.clock.now
    fill(world, 3)
    world.accounts.audit.record("thing.1", actor_id=person.id)
    found = world.accounts.audit.list
    assert len(found(action="thing.1").data) == 2
    for actor in (person.id, "Dana@shop.example"):
        assert found(actor=actor).data[0].action == "thing.1"
    assert found(actor="nobody@shop.example").data == ()
    between = found(since=start + timedelta(minutes=1), until=start + timedelta(minutes=2))
    assert [row.action for row in between.data] == ["thing.1"]
    assert [r.action for r in world.accounts.audit.export(action="thing.2")] == ["thing.2"]


@pytest.mark.parametrize("wrong", [{"cursor": "x"}, {"limit": 0}, {"limit": 1000}])
def test_wrong_pages_are_refused(world: World, wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidField):
        world.accounts.audit.list(**wrong)  # type: ignore[arg-type]


def test_moments_without_a_zone_are_utc_and_impossible_ones_are_refused(world: World) -> None:
    fill(world, 1)
    found = world.accounts.audit.list
    assert len(found(since=datetime(2026, 1, 1)).data) == 1
    for field, moment in {
        "since": datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
        "until": datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-14))),
    }.items():
        with pytest.raises(InvalidField) as told:
            found(**{field: moment})  # type: ignore[arg-type]
        assert told.value.errors[0]["field"] == field


def test_what_was_typed_cannot_forge_lines_or_break_the_store(world: World) -> None:
    from omnix.app.accounts import Origin

    origin = Origin("1.2.3.4\n5.6.7.8", "agent", "r\x1b[31m\0" + "x" * 1000)
    world.accounts.audit.record(
        "a" * 500, object="\ud800\n\0" + "y" * 5000, origin=origin, detail={"t": "\ud800\0\n"}
    )
    row = world.accounts.audit.list().data[0]
    assert len(row.action) == 60
    assert all(c.isprintable() for c in f"{row.object}{row.address}{row.request_id}")
    assert world.accounts.audit.chain.check().is_whole


def test_too_much_detail_is_left_out_whole(world: World) -> None:
    world.accounts.audit.record("big", detail={"text": "x" * 10_000})
    assert world.accounts.audit.list().data[0].detail == {"too_long": True}


def test_detail_may_hold_what_json_does_not_know(world: World) -> None:
    world.accounts.audit.record("odd", detail={"at": datetime(2026, 1, 1, tzinfo=UTC)})
    assert world.accounts.audit.list().data[0].detail == {"at": "2026-01-01 00:00:00+00:00"}


def test_an_export_is_whole_and_in_order(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("omnix.app.accounts.audit._BATCH", 3)
    fill(world, 9)
    assert [row.id for row in world.accounts.audit.export()] == list(range(1, 10))
    assert world.accounts.audit.chain.check() == AuditCheck(9, None)


def test_many_writers_at_once_leave_no_gap(world: World) -> None:
    other = world.process()
    writers = [world.accounts.audit, other.audit] * 10
    at_once(20, lambda: writers.pop().record("busy"))
    assert [row.id for row in world.accounts.audit.export()] == list(range(1, 21))
    assert world.accounts.audit.chain.check() == AuditCheck(20, None)


def test_an_empty_log_is_whole(world: World) -> None:
    assert world.accounts.audit.chain.check() == AuditCheck(0, None)


def test_the_log_refuses_to_be_changed(world: World) -> None:
    fill(world, 2)
    for statement in ("update audit set outcome = 'failure'", "delete from audit where id = 2"):
        with pytest.raises(StoreConflict), world.store.session() as session:
            session.execute(text(statement))
    assert world.accounts.audit.chain.check().is_whole


@pytest.mark.parametrize(
    ("statements", "broken_at"),
    [
        (["update audit set action = 'harmless' where id = 3"], 3),
        (["update audit set detail = '[]' where id = 1"], 1),
        (["update audit set actor_id = 'somebody else' where id = 5"], 5),
        (["delete from audit where id = 2"], 2),
        (["delete from audit where id = 5"], 5),
        (["delete from audit where id = 5", "update audit_head set length = 4"], 5),
        (["update audit set id = id + 10 where id >= 4"], 4),
        (["update audit set digest = (select digest from audit where id = 1) where id = 4"], 4),
        (["delete from audit"], 1),
    ],
)
def test_whoever_changes_it_all_the_same_is_found_out(
    world: World, statements: list[str], broken_at: int
) -> None:
    fill(world, 5)
    tamper(world.store, *statements)
    assert world.accounts.audit.chain.check().broken_at == broken_at


def test_a_forger_needs_the_key(world: World) -> None:
    """Digests made with another key do not pass."""
    fill(world, 2)
    file = world.store.home / "keys" / "store.key"
    file.write_bytes(b"k" * 32)
    assert world.process().audit.chain.check().broken_at == 1


def test_a_person_who_goes_leaves_the_log_whole(world: World) -> None:
    person = world.person()
    world.accounts.settle()
    with world.store.session() as session:
        session.execute(text("delete from users where id = :id"), {"id": person.id})
    assert world.accounts.audit.chain.check().is_whole
    rows = world.accounts.audit.list(actor=person.id).data
    assert rows
    assert {row.actor_email for row in rows} == {None}
