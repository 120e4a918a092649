from __future__ import annotations

import pytest

from omnix.privacy.names import Role, role


@pytest.mark.parametrize(
    "name",
    [
        *("card_number", "cardNumber", "CARD NUMBER", "card-no", "pan", "cc_number", "ccNumber"),
        *("credit_card", "creditcard_number", "credit_card_no", "payment_card_number", "card_num"),
        *("cc_number_enc", "debit_card_number", "primary_account_number", "Kreditkartennummer"),
        *("billing_card_number", "numero_tarjeta", "kartennummer", "customer_card_pan"),
    ],
)
def test_card_number_names(name: str) -> None:
    assert role(name) is Role.NUMBER


@pytest.mark.parametrize(
    "name",
    [
        *("card_number_token", "card_last_four", "card_bin", "card_brand", "card_type", "is_card"),
        *("gift_card_number", "loyalty_card_no", "order_number", "company", "panel", "pan_size_cm"),
        *("discard", "account", "number", "has_credit_card", "cvv_result", "cvc_check", "avs"),
        *("card_id", "sim_card_number", "library_card_no", "panama", "cc_email_list"),
        *("cvv_result_code", "shopping_basket", "pinned", "spin", "pinterest_id", "cidr"),
    ],
)
def test_names_that_promise_no_card_number(name: str) -> None:
    assert role(name) in {Role.NONE, Role.HINT}  # a hint alone changes nothing


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *(
            (name, Role.CODE)
            for name in ("cvv", "CVV2", "cvc", "cvc2", "cav2", "card_cvv", "cc_cid")
        ),
        *(
            (name, Role.CODE)
            for name in ("cc_cid_enc", "card_security_code", "cardVerificationValue")
        ),
        *((name, Role.CODE_MAYBE) for name in ("cid", "security_code", "csc")),
        *((name, Role.PIN) for name in ("card_pin", "pin_block", "atm_pin")),
        *((name, Role.PIN_MAYBE) for name in ("pin", "pin_code", "pincode", "pin_number")),
    ],
)
def test_code_and_pin_names(name: str, expected: Role) -> None:
    assert role(name) is expected


def test_a_plain_name_counts_in_a_table_of_cards() -> None:
    assert role("number", "credit_cards") is Role.HINT
    assert role("number", "orders") is Role.NONE
