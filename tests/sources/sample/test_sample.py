"""What the sample shop promises to everybody who uses it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb
import pytest

from omnix.core.errors import SettingsError
from omnix.sources.sample import SIZES, SampleShop, make_sample_shop

COLUMNS = {
    "customers": "customer_id email first_name last_name phone address_line1 address_line2 city "
    "state postal_code country is_active customer_segment created_at updated_at",
    "categories": "category_id category_name parent_category_id description is_active created_at "
    "updated_at",
    "products": "product_id product_name category_id description sku price cost currency weight "
    "dimensions brand manufacturer is_active created_at updated_at",
    "inventory": "inventory_id product_id warehouse_location quantity_available "
    "quantity_reserved reorder_point reorder_quantity last_restocked_at created_at updated_at",
    "orders": "order_id customer_id order_date order_status total_amount tax_amount "
    "shipping_amount discount_amount currency payment_method channel coupon_code device_id "
    "ip_country billing_country shipping_address_line1 shipping_address_line2 shipping_city "
    "shipping_state shipping_postal_code shipping_country notes created_at updated_at",
    "order_items": "order_item_id order_id product_id quantity unit_price discount_amount "
    "tax_amount total_amount created_at updated_at",
    "payments": "payment_id order_id payment_method payment_status amount currency "
    "transaction_id card_brand card_bin card_last_four card_token payment_date created_at "
    "updated_at",
    "refunds": "refund_id order_id order_item_id customer_id product_id kind quantity amount "
    "currency country reason refunded_at created_at updated_at",
    "shipments": "shipment_id order_id carrier tracking_number shipment_status shipped_date "
    "estimated_delivery_date actual_delivery_date shipping_cost created_at updated_at",
    "reviews": "review_id product_id customer_id rating review_title review_text "
    "is_verified_purchase helpful_count created_at updated_at",
    "promotions": "promotion_id promotion_code promotion_name description discount_type "
    "discount_value min_purchase_amount max_discount_amount start_date end_date usage_limit "
    "usage_count is_active created_at updated_at",
    "consents": "consent_id customer_id purpose granted recorded_at source",
    "competitor_prices": "product_id competitor_name competitor_price currency observed_at",
    "exchange_rates": "rate_date currency base_currency rate",
    "holidays": "holiday_date country holiday_name",
    "price_history": "product_id valid_from price currency",
}


def digests(shop: SampleShop) -> dict[str, str]:
    files = [*shop.shop.iterdir(), *shop.truth.iterdir()]
    return {
        f"{path.parent.name}/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(files)
    }


def test_the_same_seed_gives_the_same_bytes(shop: SampleShop, tmp_path: Path) -> None:
    assert digests(make_sample_shop(tmp_path, size="small")) == digests(shop)


def test_another_seed_gives_another_shop(shop: SampleShop, tmp_path: Path) -> None:
    ours, other = digests(shop), digests(make_sample_shop(tmp_path, size="small", seed=1))
    same = {name for name in ours if ours[name] == other[name]}
    fixed = {"categories", "holidays"}
    assert same == {f"shop/{name}.parquet" for name in fixed} | {
        "truth/constants.json",
        "truth/promotions.parquet",
    }


def test_every_agreed_table_has_the_agreed_columns(
    db: duckdb.DuckDBPyConnection, shop: SampleShop
) -> None:
    found = {
        name: " ".join(row[0] for row in db.execute(f"describe raw.{name}").fetchall())
        for name in shop.rows
    }
    assert found == COLUMNS


def test_types_are_text_money_and_moments(db: duckdb.DuckDBPyConnection) -> None:
    rows = db.execute(
        "select column_name, data_type from information_schema.columns where table_schema = 'raw'"
    ).fetchall()
    for column, kind in rows:
        if column.endswith("_id"):
            assert kind == "VARCHAR", column
        if column.endswith(("_amount", "_price")) or column in {"price", "cost", "amount"}:
            assert kind == "DECIMAL(12,2)", column
        if column.endswith("_at") or column == "order_date":
            assert kind == "TIMESTAMP", column


def test_rows_counts_what_was_written(db: duckdb.DuckDBPyConnection, shop: SampleShop) -> None:
    for name, rows in shop.rows.items():
        assert db.execute(f"select count(*) from raw.{name}").fetchone() == (rows,)


@pytest.mark.parametrize("seed", [20260101, 3])
def test_the_size_is_about_what_was_asked_for(tmp_path: Path, seed: int) -> None:
    rows, size = make_sample_shop(tmp_path, size="small", seed=seed).rows, SIZES["small"]
    assert rows["customers"] == pytest.approx(size.customers, rel=0.05)
    assert rows["products"] == pytest.approx(size.products, rel=0.05)
    assert rows["orders"] == pytest.approx(size.orders, rel=0.05)
    assert 2.6 < rows["order_items"] / rows["orders"] < 3.2


def test_the_medium_shop_is_about_what_was_asked_for(medium: duckdb.DuckDBPyConnection) -> None:
    def rows(table: str) -> int:
        return medium.execute(f"select count(*) from raw.{table}").fetchone()[0]  # type: ignore[index]

    assert rows("orders") == pytest.approx(250_000, rel=0.02)
    assert rows("customers") == pytest.approx(20_000, rel=0.01)
    assert rows("products") == pytest.approx(2_000, rel=0.01)


def test_the_shop_covers_thirty_months(db: duckdb.DuckDBPyConnection) -> None:
    first, last = db.execute("select min(order_date), max(order_date) from orders").fetchone()  # type: ignore[misc]
    assert str(first) < "2024-01-05"
    assert "2026-06-29" < str(last) < "2026-07-01"


def test_progress_hears_of_every_step(tmp_path: Path) -> None:
    steps: list[str] = []
    make_sample_shop(tmp_path, size="small", progress=steps.append)
    assert steps[0] == "Products and prices"
    assert steps[-1] == "Writing"


def test_an_unknown_size_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"size 'smal'.*Did you mean 'small'.*medium, large"):
        make_sample_shop(tmp_path, size="smal")


def test_only_whole_files_are_left(shop: SampleShop) -> None:
    assert {path.stem for path in shop.shop.iterdir()} == set(COLUMNS)
    assert not list(shop.truth.glob("*.part"))
