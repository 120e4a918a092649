"""Fraud leaves the marks that its scenario leaves in real shops."""

from __future__ import annotations

import duckdb

Db = duckdb.DuckDBPyConnection


def value(db: Db, query: str) -> float:
    row = db.execute(query).fetchone()
    assert row is not None
    return float(row[0])


def test_every_scenario_is_there_and_rare(db: Db) -> None:
    rows = dict(db.execute("select scenario, count(*) from truth.fraud group by 1").fetchall())
    assert set(rows) == {"stolen_card", "account_takeover", "device_farm", "friendly_fraud"}
    assert min(rows.values()) >= 3
    assert sum(rows.values()) < 0.02 * value(db, "select count(*) from orders")


def foreign_share(db: Db, where: str) -> float:
    return value(
        db,
        f"""select avg((ip_country <> shipping_country)::int)
        from orders left join truth.fraud using (order_id) where {where}""",
    )


def test_thieves_come_from_elsewhere(db: Db) -> None:
    assert foreign_share(db, "scenario in ('stolen_card', 'account_takeover')") > 0.5
    assert foreign_share(db, "scenario is null") < 0.05


def test_thieves_try_several_cards(medium: Db) -> None:
    tries = """select avg(n) from (select scenario, order_id, count(*) as n
        from payments join orders using (order_id) left join truth.fraud using (order_id)
        where orders.payment_method = 'card' group by all) where scenario {}"""
    assert value(medium, tries.format("= 'stolen_card'")) > 1.5
    assert value(medium, tries.format("is null")) < 1.2


def test_a_device_farm_is_one_device_with_many_new_accounts(db: Db) -> None:
    accounts = db.execute("""
        select device_id, count(distinct customer_id), max(order_date) - min(order_date)
        from orders join truth.fraud using (order_id) where scenario = 'device_farm' group by 1
        having count(distinct customer_id) > 1""").fetchall()
    assert accounts
    for _, customers, span in accounts:
        assert customers >= 5
        assert span.days < 14
    honest = """select max(n) from (select device_id, count(distinct customer_id) as n from orders
        left join truth.fraud using (order_id) where scenario is null and device_id is not null
        group by 1)"""
    assert value(db, honest) == 1


def test_a_taken_over_account_has_a_history_and_a_new_device(medium: Db) -> None:
    known = """select count(*) from truth.fraud join orders o using (order_id)
        where scenario = 'account_takeover' and {} exists (
            from orders b where b.customer_id = o.customer_id and b.device_id = o.device_id
            and b.order_id not in (select order_id from truth.fraud))"""
    assert value(medium, known.format("not")) >= 100
    assert value(medium, known.format("")) == 0
    assert value(medium, """select min(date_diff('day', created_at, moment)) from (
        select customers.created_at, orders.order_date as moment from truth.fraud
        join orders using (order_id) join customers using (customer_id)
        where scenario = 'account_takeover')""") >= 180  # fmt: skip


def test_friendly_fraud_was_delivered_first(db: Db) -> None:
    assert (
        value(
            db,
            """select count(*) from truth.fraud join shipments using (order_id)
        where scenario = 'friendly_fraud' and chargeback_at <= actual_delivery_date""",
        )
        == 0
    )


def test_every_chargeback_is_of_a_fraud_and_the_other_way_round(db: Db) -> None:
    """Chargebacks whose refund row is itself spoilt are left out."""
    assert (
        value(
            db,
            """select count(*) from refunds left join truth.fraud using (order_id)
        where kind = 'chargeback' and (scenario is null or chargeback_at <> refunded_at)""",
        )
        == 0
    )
    assert (
        value(
            db,
            """select count(*) from truth.fraud
        where chargeback_at is not null and order_id not in
          (select order_id from raw.refunds where kind = 'chargeback')""",
        )
        == 0
    )


def test_some_chargebacks_are_yet_to_come(medium: Db) -> None:
    assert (
        value(
            medium,
            """select count(*) from truth.fraud join orders using (order_id)
        where chargeback_at is null and order_date > '2026-06-01'""",
        )
        > 10
    )
