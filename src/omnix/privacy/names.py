"""What a column's name says about card data: a number, a security code, a PIN, or just a hint."""

from __future__ import annotations

import re
from enum import Enum


class Role(Enum):
    """What a name promises; `*_MAYBE` needs the values to agree."""

    NUMBER = "card number"
    HINT = "card context"
    CODE = "security code"
    CODE_MAYBE = "perhaps a security code"
    PIN = "PIN"
    PIN_MAYBE = "perhaps a PIN"
    NONE = "nothing"


_CARD = (
    r"(?:(?:credit|debit|bank|payment|pay|charge|visa|masked|full|raw|customer|billing|cc)_?)*card"
)
_NUMBER = re.compile(
    rf"(?:\w+_)?(?:{_CARD}_?(?:no|nr|num|number|nbr|pan|digits)|(?:credit|debit)_?card"
    r"|cc_?(?:no|nr|num|number)|c_?card_?(?:no|nr|num|number)|pan(?:_?(?:no|num|number))?"
    r"|(?:card_|payment_)pan|primary_account_(?:no|num|number)"
    r"|kartennummer|kreditkarte(?:n_?(?:nr|nummer))?|karten_?nr"
    r"|(?:numero|num|no)_(?:de_)?(?:la_)?(?:carte|tarjeta|carta)\w*|kortnummer|kaartnummer)"
    r"(?:_enc|_encrypted|_plain|_raw|_full)?"
)
_NOT_A_PAYMENT_CARD = re.compile(
    r"(?:^|_)(?:gift|loyalty|bonus|club|library|member|membership|reward|rewards|sim|id|business"
    r"|score|report|punch|stored_value)_?card|(?:^|_)card_?id(?:_|$)"
)
_HINT = re.compile(r"(?:^|_)(?:card|cards|cc|pan|credit_?card|payment_?card|kreditkarte)(?:_|$)")
_AFTERMATH = re.compile(
    r"_(?:result|results|status|check|checked|response|match|matched|verified|valid|provided"
    r"|required|present|type|brand|flag|is_null|message|reason|token|hash|last_?(?:4|four)|bin"
    r"|passed|failed|outcome|indicator|request|requested|count|expiry|at|resp)(?:_code|_id)?$"
    r"|^(?:has|is|requires?|needs|with|check)_"
)
_CODE = re.compile(
    r"(?:^|_)(?:cvv2?|cvc2?|cav2|cvn2?|cvd|cvvs|cvcs)(?:_|$)"
    r"|card_?(?:security|verification|validation)_?(?:code|value|number|no)"
    r"|(?:^|_)(?:cc|card)_?(?:cid|csc|cav)(?:_|$)|cc_cid_enc"
    r"|kartenpr(?:ue|ü)f(?:nummer|ziffer|nr)|(?:^|_)pr(?:ue|ü)fziffer_karte"
)
_CODE_MAYBE = re.compile(r"(?:^|_)(?:cid|csc|cav|security_?code|verification_?code)(?:_|$)")
_PIN = re.compile(
    r"(?:^|_)(?:pin_?block|(?:card|debit|atm|bank|cc|credit_?card)_?pin(?:_?(?:code|no|number))?)(?:_|$)"
)
_PIN_MAYBE = re.compile(r"(?:^|_)(?:pin|pin_?(?:code|no|num|number))$")
_GENERIC = frozenset({"number", "no", "nr", "num", "value", "account_number", "acct", "digits"})


def words(name: str) -> str:
    """`cardNumber`, `Card-Number`, `CARD NUMBER` → `card_number`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return re.sub(r"[\W_]+", "_", spaced).strip("_").lower()


def role(column: str, table: str = "") -> Role:
    """What `column` (of `table`) promises to hold, by its name alone."""
    name = words(column)
    if _AFTERMATH.search(name):
        return Role.NONE
    for pattern, found in (
        (_CODE, Role.CODE),
        (_PIN, Role.PIN),
        (_CODE_MAYBE, Role.CODE_MAYBE),
        (_PIN_MAYBE, Role.PIN_MAYBE),
    ):
        if pattern.search(name):
            return found
    if _NOT_A_PAYMENT_CARD.search(name):
        return Role.NONE
    if _NUMBER.fullmatch(name):
        return Role.NUMBER
    in_card_table = name in _GENERIC and _HINT.search(words(table))
    return Role.HINT if in_card_table or _HINT.search(name) else Role.NONE


_COMPANY = re.compile(
    r"(?:^|_)(?:cc|card|credit_?card|debit_?card)_?"
    r"(?:exp\w*|valid\w*|holder\w*|owner\w*|start\w*|ss_\w+|issue\w*)$"
)
_NEEDS_COMPANY = re.compile(r"(?:^|_)(?:cid|csc|cav|pin_?code)(?:_|$)")


def speaks_of_cards(column: str) -> bool:
    """Whether this column makes its table one of payment cards: a number, an expiry, a holder."""
    return role(column) is Role.NUMBER or bool(_COMPANY.search(words(column)))


def needs_company(column: str) -> bool:
    """Whether the name means a code only beside a card: `cid` may be a customer, `pincode` a town."""
    return bool(_NEEDS_COMPANY.search(words(column)))
