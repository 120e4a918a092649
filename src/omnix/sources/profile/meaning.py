"""What a mapping needs, what the shop's states mean, and what is lost where something is missing."""

from __future__ import annotations

from collections.abc import Mapping

#: Without these a table cannot be proposed: all of the first, and one of the second.
ESSENTIAL: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "customers": (
        ("customer_id",),
        (
            "email",
            "first_name",
            "last_name",
            "country",
            "city",
            "created_at",
            "phone",
            "customer_segment",
        ),
    ),
    "categories": (("category_id",), ("category_name", "parent_category_id")),
    "products": (("product_id",), ("product_name", "price", "category_id")),
    "inventory": (("product_id", "quantity_available"), ()),
    "orders": (("order_id",), ("order_date", "total_amount")),
    "order_items": (("order_id", "product_id"), ("quantity", "unit_price", "total_amount")),
    "payments": (("order_id", "amount"), ()),
    "refunds": (("amount",), ("order_id", "refund_id")),
    "shipments": (
        ("order_id",),
        ("carrier", "tracking_number", "shipped_date", "actual_delivery_date"),
    ),
    "reviews": (("product_id", "rating"), ()),
    "promotions": (("promotion_code", "discount_value"), ()),
    "consents": (("customer_id", "purpose", "granted"), ()),
    "competitor_prices": (("product_id", "competitor_name", "competitor_price"), ()),
    "exchange_rates": (("rate_date", "currency", "rate"), ()),
    "holidays": (("holiday_date", "holiday_name"), ()),
    "price_history": (("product_id", "valid_from", "price"), ()),
}

#: The shop's own words for the agreed states, by how they begin.
STATES: Mapping[str, Mapping[str, str]] = {
    "order_status": {
        "cancelled": "cancel storn annul abgebrochen abbruch anulad unavailable void geannuleerd rejected",
        "delivered": "deliver geliefert zugestellt complete abgeschlossen livr entregad fulfilled done erledigt consegnat closed",
        "shipped": "ship versen versand expedi enviad sent spedit unterwegs in_transit dispatch verzonden",
        "processing": "process bearbeit paid bezahlt pay approved invoiced encours en_cours en cours confirmed in arbeit preparation pagad",
        "pending": "pending offen new neu created attente en_attente en attente open unpaid hold pendiente wartend",
    },
    "payment_status": {
        "completed": "complet paid bezahlt captured success succeeded settled pay erfolgreich approved",
        "failed": "fail declin abgelehnt error rejected refus fehlgeschlagen",
        "refunded": "refund erstattet rembours",
        "chargeback": "chargeback rueckbuchung dispute",
        "pending": "pending offen attente authorized open waiting ausstehend",
    },
    "shipment_status": {
        "delivered": "deliver zugestellt geliefert livr entregad",
        "returned": "return retour zurueck",
        "in_transit": "transit ship unterwegs versen expedi sent en_route",
        "pending": "pending offen attente created new label",
    },
}

#: What omnix cannot answer without a table or a column.
MISSING: Mapping[str, str] = {
    "customers": "who your customers are, where they live and how they come back",
    "categories": "sales by category",
    "products": "which products sell, and what belongs together",
    "inventory": "what will be out of stock, and what to order",
    "orders": "any question about sales",
    "order_items": "which products are sold, how often and together with what",
    "payments": "how orders are paid, and which payments look like fraud",
    "refunds": "net sales after refunds, and which products come back",
    "shipments": "how long deliveries take",
    "reviews": "what customers think of products",
    "promotions": "what a promotion brought",
    "consents": "whom you may write to (omnix then assumes nobody)",
    "competitor_prices": "how your prices compare with others'",
    "exchange_rates": "sums over several currencies",
    "holidays": "how holidays move sales (a built-in calendar may stand in)",
    "price_history": "how demand reacts to prices, beyond what the order lines show",
    "orders.customer_id": "who buys again, who is leaving, what a customer is worth",
    "orders.order_date": "anything over time: no trend, no forecast",
    "orders.currency": "the currency of your sums (one currency is assumed)",
    "orders.shipping_country": "sales by country",
    "orders.total_amount": "sales per order other than from its lines",
    "order_items.quantity": "how many pieces are sold (one per line is assumed)",
    "order_items.unit_price": "how demand reacts to prices",
    "products.cost": "profit and margins",
    "products.category_id": "sales by category",
    "customers.email": "accounts that share an address, and lists to write to",
}
