"""The countries that the sample shop sells in: taxes, carriers, places, names.

VAT rates in hundredths of a per cent as of 2026 (standard, reduced for food); the United States
stand with one average sales tax. Shipping in cents of the country's own currency.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True)
class Country:
    """One market of the shop."""

    code: str
    currency: str
    share: float
    vat: int
    vat_food: int
    shipping: int
    free_from: int
    transit_days: float
    utc_offset: int
    phone: str
    carriers: tuple[str, ...]
    #: city, state, the stem of its postal codes
    places: tuple[tuple[str, str, str], ...]
    #: how many digits follow the stem
    postal_digits: int
    streets: tuple[str, ...]
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]


COUNTRIES: tuple[Country, ...] = (
    Country(
        "DE", "EUR", 0.30, 1900, 700, 490, 4900, 2.0, 1, "+49 151 2", ("DHL", "Hermes", "DPD"),
        (("Berlin", "BE", "10"), ("Hamburg", "HH", "20"), ("München", "BY", "80"),
         ("Köln", "NW", "50"), ("Leipzig", "SN", "04"), ("Stuttgart", "BW", "70")),
        3, ("Hauptstraße", "Gartenweg", "Bahnhofstraße", "Lindenallee", "Schillerplatz"),
        ("Anna", "Lukas", "Jürgen", "Sophie", "Felix", "Käthe", "Jonas", "Mia", "Emre", "Lena"),
        ("Müller", "Schmidt", "Schneider", "Weiß", "Yılmaz", "Hoffmann", "Köhler", "Vogel"),
    ),
    Country(
        "FR", "EUR", 0.20, 2000, 550, 590, 5900, 2.6, 1, "+33 6 12", ("Colissimo", "Chronopost"),
        (("Paris", "IDF", "75"), ("Lyon", "ARA", "69"), ("Marseille", "PAC", "13"),
         ("Nantes", "PDL", "44"), ("Besançon", "BFC", "25")),
        3, ("Rue de la République", "Avenue Foch", "Rue des Écoles", "Boulevard Voltaire"),
        ("Camille", "Hugo", "Léa", "Chloé", "Mathéo", "Inès", "Amélie", "Louis", "François"),
        ("Martin", "Bernard", "Dubois", "Lefèvre", "Moreau", "Garçon", "Benali", "D'Angelo"),
    ),
    Country(
        "GB", "GBP", 0.18, 2000, 0, 395, 4000, 2.2, 0, "+44 770", ("Royal Mail", "Evri", "DPD"),
        (("London", "ENG", "SW1A "), ("Manchester", "ENG", "M1 "), ("Leeds", "ENG", "LS2 "),
         ("Edinburgh", "SCT", "EH1 "), ("Cardiff", "WLS", "CF10 ")),
        1, ("High Street", "Station Road", "Church Lane", "Victoria Road", "Mill Close"),
        ("Oliver", "Amelia", "Harry", "Isla", "Siân", "Mohammed", "Emily", "Jack", "Grace"),
        ("Smith", "Jones", "Taylor", "O'Brien", "Khan", "Williams", "Patel", "Evans"),
    ),
    Country(
        "US", "USD", 0.16, 720, 0, 599, 5000, 4.0, -6, "+1 212 ", ("UPS", "FedEx", "USPS"),
        (("New York", "NY", "100"), ("Austin", "TX", "787"), ("Chicago", "IL", "606"),
         ("Seattle", "WA", "981"), ("Denver", "CO", "802")),
        2, ("Main Street", "Oak Avenue", "Maple Drive", "2nd Street", "Washington Boulevard"),
        ("James", "Maria", "Robert", "Ashley", "José", "Emma", "Noah", "Olivia", "Liam"),
        ("Johnson", "Garcia", "Brown", "Nguyen", "Davis", "Martinez", "Lee", "Peña"),
    ),
    Country(
        "PL", "PLN", 0.10, 2300, 500, 1499, 19900, 2.4, 1, "+48 60", ("InPost", "DPD"),
        (("Warszawa", "MZ", "00-"), ("Kraków", "MA", "30-"), ("Łódź", "LD", "90-"),
         ("Gdańsk", "PM", "80-")),
        3, ("ulica Polna", "ulica Leśna", "aleja Słoneczna", "ulica Krótka"),
        ("Jan", "Zofia", "Łukasz", "Agnieszka", "Paweł", "Małgorzata", "Julia", "Kacper"),
        ("Nowak", "Kowalski", "Wiśniewski", "Wójcik", "Zieliński", "Mazur", "Dąbrowski"),
    ),
    Country(
        "CH", "CHF", 0.06, 810, 260, 790, 9000, 1.8, 1, "+41 79 ", ("Swiss Post", "Planzer"),
        (("Zürich", "ZH", "80"), ("Genève", "GE", "12"), ("Bern", "BE", "30"),
         ("Lugano", "TI", "69")),
        2, ("Seestrasse", "Dorfstrasse", "Rue du Rhône", "Via Nassa"),
        ("Nina", "Luca", "Noé", "Laura", "Reto", "Zoé", "Urs", "Giulia"),
        ("Meier", "Keller", "Favre", "Bianchi", "Zürcher", "Rossi", "Baumann"),
    ),
)  # fmt: skip

CODES = tuple(country.code for country in COUNTRIES)
CURRENCIES = ("EUR", "GBP", "USD", "PLN", "CHF")
BASE_CURRENCY = "EUR"
#: Price lists: one euro of list price in each currency, whatever the rate of the day.
LIST_FACTORS = (1.0, 0.87, 1.12, 4.35, 0.99)
#: Where orders with a foreign card come from; the shop does not sell there.
FOREIGN = ("RO", "BR", "VN", "NG", "UA", "IN", "MX", "ID")
CARRIERS = tuple(sorted({carrier for country in COUNTRIES for carrier in country.carriers}))

POSTCODES_PER_PLACE = 20
PLACES = tuple((k, *place) for k, country in enumerate(COUNTRIES) for place in country.places)


def currency_of_country() -> list[int]:
    """The number of the currency of each country."""
    return [CURRENCIES.index(country.currency) for country in COUNTRIES]


def postcodes() -> list[str]:
    """`POSTCODES_PER_PLACE` postal codes for every place, in the order of PLACES."""
    return [_postcode(place, n) for place in PLACES for n in range(POSTCODES_PER_PLACE)]


def _postcode(place: tuple[int, str, str, str], n: int) -> str:
    country = COUNTRIES[place[0]]
    number = (n * 37 + 11) % 10**country.postal_digits
    tail = ("AA", "BD", "JH", "QT")[n % 4] if country.code == "GB" else ""
    return f"{place[3]}{number:0{country.postal_digits}d}{tail}"


def plain(name: str) -> str:
    """A name as it stands in an e-mail address: `Müller` is `muller`."""
    bare = name.lower().replace("ł", "l").replace("ß", "ss").replace("ı", "i")
    decomposed = unicodedata.normalize("NFKD", bare)
    return "".join(letter for letter in decomposed if letter.isascii() and letter.isalnum())
