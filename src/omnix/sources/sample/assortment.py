"""What the sample shop sells: categories in two levels, with what is planted for each of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Leaf:
    """A category that holds products.

    `period_days` is the usual time between two purchases by one who consumes it; 0 where nobody
    does. Prices in euros.
    """

    name: str
    nouns: tuple[str, ...]
    price: tuple[float, float]
    period_days: int = 0


@dataclass(frozen=True)
class Top:
    """A category that holds categories; `week` and `year` are the planted seasons."""

    name: str
    share: float
    elasticity: float
    week: tuple[float, ...]
    #: amplitude of the yearly wave (log) and the day of the year of its peak
    year: tuple[float, float]
    #: height of the weeks before Christmas (log)
    christmas: float
    growth_per_year: float
    refund_share: float
    leaves: tuple[Leaf, ...]
    food: bool = False


@dataclass(frozen=True)
class TrendBreak:
    """From `day` on the level is multiplied by `level` and the yearly growth (log) rises."""

    category: str
    day: date
    level: float
    growth_change: float


TREE: tuple[Top, ...] = (
    Top(
        "Grocery", 0.24, -1.1, (0.92, 0.88, 0.92, 1.0, 1.22, 1.28, 0.78), (0.05, 340), 0.25, 0.05,
        0.01,
        (
            Leaf("Dairy", ("Whole milk", "Oat drink", "Yoghurt", "Butter"), (0.9, 4.5), 5),
            Leaf("Bakery", ("Rye bread", "Toast", "Rolls", "Croissants"), (1.2, 5.5), 4),
            Leaf("Coffee and tea", ("Coffee beans", "Espresso", "Green tea"), (3.5, 19.0), 14),
            Leaf("Breakfast", ("Muesli", "Corn flakes", "Honey", "Jam"), (2.0, 9.0), 10),
        ),
        food=True,
    ),
    Top(
        "Household", 0.14, -1.4, (1.14, 1.06, 1.0, 0.94, 0.88, 1.1, 0.88), (0.06, 90), 0.05, 0.02,
        0.02,
        (
            Leaf("Cleaning", ("Glass cleaner", "Dish soap", "Sponges"), (1.5, 12.0), 30),
            Leaf("Laundry", ("Detergent", "Fabric softener", "Stain remover"), (3.0, 22.0), 28),
            Leaf("Paper goods", ("Toilet paper", "Kitchen roll", "Tissues"), (2.0, 15.0), 21),
            Leaf("Kitchenware", ("Frying pan", "Knife", "Mixing bowl", "Kettle"), (8.0, 90.0)),
        ),
    ),
    Top(
        "Beauty and health", 0.13, -1.6, (1.02, 1.04, 1.04, 1.0, 0.94, 0.92, 1.04), (0.08, 130),
        0.35, 0.12, 0.03,
        (
            Leaf("Hair care", ("Shampoo", "Conditioner", "Hair oil"), (3.0, 25.0), 35),
            Leaf("Skin care", ("Day cream", "Sun lotion", "Face wash"), (5.0, 60.0), 40),
            Leaf("Vitamins", ("Vitamin D", "Magnesium", "Omega 3"), (5.0, 35.0), 30),
            Leaf("Shaving", ("Razor blades", "Shaving foam"), (4.0, 30.0), 45),
        ),
    ),
    Top(
        "Pets", 0.09, -1.2, (1.08, 1.0, 0.96, 0.96, 0.94, 1.12, 0.94), (0.03, 15), 0.1, 0.08, 0.02,
        (
            Leaf("Dog food", ("Dry dog food", "Dog snacks", "Wet dog food"), (3.0, 55.0), 21),
            Leaf("Cat food", ("Dry cat food", "Cat snacks", "Cat litter"), (2.0, 35.0), 14),
            Leaf("Pet toys", ("Rope toy", "Scratching post", "Ball"), (4.0, 45.0)),
            Leaf("Pet care", ("Leash", "Brush", "Carrier"), (6.0, 70.0)),
        ),
    ),
    Top(
        "Electronics", 0.12, -2.2, (0.94, 0.92, 0.94, 0.96, 1.0, 1.1, 1.14), (0.08, 335), 0.7, 0.1,
        0.06,
        (
            Leaf("Phones", ("Smartphone", "Phone case", "Screen protector"), (9.0, 899.0)),
            Leaf("Audio", ("Headphones", "Speaker", "Earbuds"), (15.0, 349.0)),
            Leaf("Cables and chargers", ("USB-C cable", "Charger", "Power bank"), (6.0, 59.0)),
            Leaf("Smart home", ("Smart plug", "Camera", "Thermostat"), (12.0, 219.0)),
        ),
    ),
    Top(
        "Fashion", 0.13, -1.9, (1.1, 1.0, 0.96, 0.98, 0.94, 0.86, 1.16), (0.15, 285), 0.3, 0.03,
        0.13,
        (
            Leaf("Women", ("Dress", "Blouse", "Cardigan", "Jeans"), (15.0, 140.0)),
            Leaf("Men", ("Shirt", "Chinos", "Pullover", "T-shirt"), (12.0, 120.0)),
            Leaf("Shoes", ("Trainers", "Boots", "Sandals"), (25.0, 180.0)),
            Leaf("Accessories", ("Belt", "Scarf", "Hat", "Bag"), (9.0, 110.0)),
        ),
    ),
    Top(
        "Garden", 0.08, -1.5, (0.9, 0.88, 0.92, 0.98, 1.1, 1.26, 0.96), (0.9, 140), 0.0, 0.04, 0.03,
        (
            Leaf("Garden tools", ("Spade", "Secateurs", "Hose"), (8.0, 95.0)),
            Leaf("Plants", ("Lavender", "Tomato seeds", "Rose"), (2.0, 35.0)),
            Leaf("Barbecue", ("Charcoal", "Grill", "Tongs"), (5.0, 349.0)),
            Leaf("Outdoor furniture", ("Folding chair", "Bench", "Parasol"), (25.0, 320.0)),
        ),
    ),
    Top(
        "Toys", 0.07, -1.8, (0.92, 0.88, 0.94, 0.96, 1.02, 1.2, 1.08), (0.12, 330), 1.25, 0.02, 0.03,
        (
            Leaf("Games", ("Board game", "Card game", "Dice game"), (7.0, 60.0)),
            Leaf("Puzzles and books", ("Puzzle", "Picture book", "Atlas"), (5.0, 40.0)),
            Leaf("Baby", ("Nappies", "Wipes", "Bottle"), (4.0, 45.0), 9),
            Leaf("Outdoor toys", ("Kite", "Scooter", "Sandbox set"), (6.0, 130.0)),
        ),
    ),
)  # fmt: skip

TREND_BREAKS: tuple[TrendBreak, ...] = (
    TrendBreak("Electronics", date(2025, 3, 10), 1.5, 0.0),
    TrendBreak("Fashion", date(2025, 9, 1), 0.65, 0.0),
    TrendBreak("Pets", date(2024, 11, 15), 1.0, 0.5),
)

#: How much more or less a kind of customer buys of each top category, in the order of TREE.
TASTES: dict[str, tuple[float, ...]] = {
    "families": (1.2, 1.2, 0.9, 0.8, 0.6, 0.9, 0.7, 3.0),
    "homemakers": (0.8, 1.8, 0.9, 1.1, 0.5, 0.6, 3.0, 0.5),
    "gadget fans": (0.6, 0.6, 0.6, 0.6, 3.6, 0.8, 0.5, 0.9),
    "style seekers": (0.6, 0.6, 2.0, 0.5, 0.7, 3.0, 0.4, 0.4),
    "pantry": (2.2, 1.2, 1.0, 1.5, 0.4, 0.4, 0.5, 0.4),
}
TASTE_SHARES = (0.22, 0.18, 0.16, 0.2, 0.24)

BRANDS = (
    "Alba", "Bergmann", "Cobalt", "Delmar", "Elmwood", "Fjord", "Gallica", "Hearth", "Iskra",
    "Juniper", "Kestrel", "Lumen", "Maris", "Norden", "Orchard", "Pico", "Quill", "Rowan",
    "Solis", "Tarn", "Umbra", "Vela", "Wexford", "Zephyr",
)  # fmt: skip
STYLES = (
    "Classic", "Organic", "Family", "Premium", "Compact", "Everyday", "Original", "Light",
    "Extra", "Fresh", "Pure", "Basic",
)  # fmt: skip
