"""Words beside a number that say what it is, in the languages shops write in."""

from __future__ import annotations

import re

_STRONG = (
    r"cards?|cards?[\s_-]?(?:no|nr|num|number|holder|pan|details?|data|info)|cardnumber"
    r"|(?:credit|debit|bank|payment|pay|charge|visa)[\s_-]?cards?(?:[\s_-]?(?:no|nr|num|number))?"
    r"|visa|master[\s_-]?card|maestro|amex|american[\s_-]express|discover[\s_-]card|diners"
    r"|jcb|union[\s_-]?pay|rupay|cvv2?|cvc2?|cvn2?|cc[\s_-]?(?:no|nr|num|number)"
    r"|kredit[\s_-]?karten?(?:[\s_-]?nummer|[\s_-]?nr)?|karten?[\s_-]?(?:nummer|nr)|ec[\s_-]karte"
    r"|carte[\s_-](?:bancaire|bleue|de[\s_-]cr[ée]dit)|tarjetas?|carta[\s_-]di[\s_-]credito"
    r"|cart[ãa]o|creditcard|betaalkaart|kortnummer|карт[аыуе]|信用卡|银行卡|卡号|カード番号|카드"
)
_WEAK = r"cc|pan|karte|carte|carta|kort|kaart|karta|exp|expir(?:y|es|ation)|exp[._\s-]?date|valid[\s_-](?:thru|until)"
# camelCase keys are cut with a blank before these are applied (`cardNumber`).
STRONG = re.compile(rf"(?<![^\W\d_])(?:{_STRONG})(?![^\W\d_])", re.IGNORECASE)
ANY = re.compile(rf"(?<![^\W\d_])(?:{_STRONG}|{_WEAK})(?![^\W\d_])", re.IGNORECASE)
GLUED = re.compile(rf"(?<![^\W\d_])(?:{_STRONG}|cc|pan)(?:\s?(?:no|nr))?$", re.IGNORECASE)
# For RE2, which knows no look-around: any row that ANY could match, and more.
ROUGHLY = (
    r"(?i)card|visa|maestro|amex|american.express|diners|jcb|union.?pay|rupay|cv[vcn]"
    r"|kart|cart|tarjeta|kort|kaart|valid|карт|信用卡|银行卡|卡号|カード|카드"
    r"|(?:^|[^a-z0-9])(?:cc|pan|exp)|(?-i:[a-z](?:Cc|CC|Pan|PAN|Exp))"
)
_GAP = r"[\s\"'_:=#.\-]*"
# What stands right before a number and says that it is something else.
OTHER = re.compile(
    r"(?<![^\W\d_])(?:orders?|bestell\w*|auftrag\w*|commande|pedido|invoice|rechnung\w*|tracking"
    r"|shipments?|parcel|paket\w*|sendung\w*|awb|waybill|phone|telephone|tel|telefon|mobile|handy"
    r"|fax|whatsapp|iban|imei|imeisv|iccid|ean|gtin|upc|isbn|sku|barcode|serial|ticket"
    r"|transaction|txn|trx|reference|ref|customer|kunden\w*|uuid|timestamp|rma|return|article"
    rf"|artikel\w*|product|item|batch|lot)(?![^\W\d_]){_GAP}"
    rf"(?:(?:no|nr|num|number|nummer|id|code|ref|is|was)(?![^\W\d_]){_GAP}){{0,3}}$",
    re.IGNORECASE,
)
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
