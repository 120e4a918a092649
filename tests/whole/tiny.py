"""A shop of a few rows as CSV files, and a home folder that reads it."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from cli.command import omnix
from omnix.core.settings import save
from shop import query, run

Row = dict[str, Any]
DAYS = 28


def tables(orders: int = 12) -> dict[str, list[Row]]:
    """A clean shop: each order has two lines and one payment; every fifth has a refund."""
    made: dict[str, list[Row]] = {
        "customers": [
            {"customer_id": f"c{n}", "email": f"c{n}@example.com", "country": "FR", "created_at": "2025-01-01 00:00:00"}
            for n in range(4)
        ],
        "products": [
            {"product_id": f"p{n}", "product_name": name, "price": price}
            for n, (name, price) in enumerate([("Tea", "4.50"), ("Milk", "1.25"), ("Bread", "2.00")])
        ],
        "orders": [], "order_items": [], "payments": [], "refunds": [],
    }  # fmt: skip
    for n in range(orders):
        at = f"2026-01-{n % DAYS + 1:02d} 10:00:00"
        lines = [("p0", 2, "4.50", "9.00"), ("p1", 4, "1.25", "5.00")]
        for place, (product, quantity, price, total) in enumerate(lines):
            made["order_items"].append(
                {"order_item_id": f"i{n}-{place}", "order_id": f"o{n}", "product_id": product, "quantity": quantity,
                 "unit_price": price, "total_amount": total, "created_at": at, "updated_at": at}
            )  # fmt: skip
        made["orders"].append(
            {"order_id": f"o{n}", "customer_id": f"c{n % 4}", "order_date": at, "order_status": "delivered",
             "total_amount": "16.00", "tax_amount": "2.00", "currency": "EUR", "notes": f"Ring {n}", "updated_at": at}
        )  # fmt: skip
        made["payments"].append(
            {"payment_id": f"y{n}", "order_id": f"o{n}", "payment_status": "completed", "amount": "16.00",
             "currency": "EUR", "payment_date": at, "updated_at": at}
        )  # fmt: skip
        if n % 5 == 0:
            made["refunds"].append(
                {"refund_id": f"r{n}", "order_id": f"o{n}", "kind": "refund", "amount": "5.00", "currency": "EUR",
                 "refunded_at": f"2026-02-{n % DAYS + 1:02d} 10:00:00"}
            )  # fmt: skip
    return made


def as_csv(rows: Sequence[Row], *, delimiter: str = ",") -> str:
    """Rows as CSV with a header."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write(folder: Path, made: Mapping[str, Sequence[Row]] | None = None) -> Path:
    """Write the shop, one CSV file for each table; `folder` itself comes back."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (made or tables()).items():
        (folder / f"{name}.csv").write_text(as_csv(rows), encoding="utf-8")
    return folder


def home_of(source: Path | str, home: Path) -> Path:
    """A home folder that reads `source`, set up by `omnix init`."""
    told = omnix(home, "init", "--from", source)
    assert told.code == 0, told.words
    return home


def built(tmp: Path, change: Callable[[Path], object] = lambda _folder: None) -> tuple[Path, Path]:
    """A shop and a home folder with every table of it built; `change` is done to the shop first."""
    source = write(tmp / "shop")
    change(source)
    home = home_of(source, tmp / "home")
    run(home)
    return source, home


def copied(folder: Path, to: Path) -> tuple[Path, Path]:
    """One's own copy of the shop and the home that `built` made in `folder`."""
    shutil.copytree(folder, to)
    save(to / "home", {"source": {"kind": "files", "location": str(to / "shop"), "preset": ""}})
    return to / "shop", to / "home"


def balanced(home: Path) -> bool:
    """Whether the books of a home balance, every one of them, and there are some."""
    told = query(
        home, "select count(*) as n, bool_and(balanced) as good from books_balance", "books_balance"
    )
    return bool(told[0]["n"] and told[0]["good"])


def ids(home: Path, name: str, column: str) -> list[Any]:
    """One column of a table in order."""
    return [row[column] for row in query(home, f"select {column} from {name} order by 1", name)]


def rules(home: Path, table: str) -> dict[str, str]:
    """The broken rules of a table's quarantined rows, by their key."""
    told = omnix(home, "quarantine", "list", table, "--limit", 0, "--json")
    return {row["row_key"]: row["rules"] for row in told.json}
