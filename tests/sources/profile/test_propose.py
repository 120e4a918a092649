"""Shops that nobody has described: what is proposed runs, and gives the right rows."""

import tomllib
from pathlib import Path

import duckdb
import pytest
import sqlglot

from omnix.curation.read import Style, read
from omnix.sources.files import FilesSource
from omnix.sources.profile import Profile, Proposal, profile_source, propose_mapping

GERMAN = {
    "Kunden.csv": """KundenNr;Name;E-Mail;PLZ;Ort;Land;Kunde seit;Schuhgröße
1001;Ada Müller;ada@example.org;50667;Köln;DE;03.01.2022;38
1002;Bob Groß;bob@example.org;80331;München;DE;14.02.2022;44
1003;Chloé Weiß;chloe@example.org;1010;Wien;AT;15.02.2022;39
""",
    "Artikel.csv": """ArtikelNr;Bezeichnung;Warengruppe;VK-Preis;EK-Preis
A-1;Kaffee 500 g;Getränke;12,90;7,50
A-2;Tee;Getränke;1.004,50;2,00
A-3;Tasse;Geschirr;8,00;3,10
""",
    "Bestellungen.csv": """BestellNr;KundenNr;Bestelldatum;Status;Gesamtbetrag;Versandkosten
B1;1001;15.03.2024;Geliefert;25,80;4,90
B2;1002;16.03.2024;Storniert;8,00;0,00
B3;1001;17.03.2024 12:30;Bizarr;1.012,50;4,90
""",
    "Bestellpositionen.csv": """BestellNr;ArtikelNr;Menge;Einzelpreis
B1;A-1;2;12,90
B2;A-3;1;8,00
B3;A-2;1;1.004,50
B3;A-3;1;8,00
""",
}
FRENCH = {
    "clients.csv": """id_client,prénom,nom,courriel,ville,pays
7,Élise,Martin,elise@example.fr,Lyon,FR
8,Marc,Dubois,marc@example.fr,Lille,FR
9,Zoé,Petit,zoe@example.fr,Nantes,FR
""",
    "commandes.csv": """num_commande,id_client,date_commande,montant_total,statut
C1,7,12/03/2024,"20,50 €",livrée
C2,8,25/03/2024,"1 005,00 €",annulée
C3,7,26/03/2024,"3,50 €",en cours
""",
    "lignes_commande.csv": """num_commande,ref_produit,quantité,prix_unitaire
C1,P1,2,"10,25 €"
C2,P2,1,"1 005,00 €"
C3,P1,1,"3,50 €"
""",
    "produits.csv": """ref_produit,libellé,catégorie,prix
P1,Savon,Hygiène,"10,25 €"
P2,Vélo,Sport,"1 005,00 €"
""",
}
FLAT = {
    "export_2024.csv": """Order ID,Order Date,Customer ID,Product,Qty,Price USD,Country
1001,01/05/2024 10:00,7,Mug,2,7.50,US
1001,01/05/2024 10:00,7,Tea,1,4.00,US
1002,14/05/2024 11:00,8,Mug,1,7.50,CA
1003,15/05/2024 11:00,7,Mug,-1,7.50,US
""",
}
NONSENSE = {"blob.csv": "foo,bar,baz\nx,1,zz\ny,2,yy\nz,2,xx\n"}


class Shop:
    """A made-up shop: its files, what is proposed, and a database to run that in."""

    def __init__(self, folder: Path, files: dict[str, str]) -> None:
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        self.con = duckdb.connect()
        with FilesSource(folder).open() as session:
            self.profile: Profile = profile_source(session)
            for table in session.tables():
                (batch,) = list(session.read(table, None).batches)
                self.con.register("arriving", batch)
                self.con.execute(
                    f'create table "{table.name}" as '
                    "select *, row_number() over () as _row from arriving"
                )
        self.proposal: Proposal = propose_mapping(self.profile)
        self.report = "\n".join(self.proposal.report())

    def rows(self, agreed: str, *columns: str) -> list[tuple]:
        sql = self.proposal.tables[agreed].sql
        sqlglot.parse_one(sql, dialect="duckdb")
        wanted = ", ".join(columns)
        return self.con.execute(f"select {wanted} from ({sql}) order by _row").fetchall()

    def money(self, raw: str) -> float:
        expression = self.proposal.raw[raw].money
        return float(self.con.execute(f'select sum({expression}) from "{raw}"').fetchone()[0])


@pytest.fixture(scope="module")
def german(tmp_path_factory):
    return Shop(tmp_path_factory.mktemp("german"), GERMAN)


@pytest.fixture(scope="module")
def french(tmp_path_factory):
    return Shop(tmp_path_factory.mktemp("french"), FRENCH)


@pytest.fixture(scope="module")
def flat(tmp_path_factory):
    return Shop(tmp_path_factory.mktemp("flat"), FLAT)


def test_a_german_shop(german):
    assert set(german.proposal.tables) == {"customers", "products", "orders", "order_items"}
    assert german.rows("customers", "customer_id", "first_name", "last_name", "city", "country")[
        1
    ] == (
        "1002",
        "Bob",
        "Groß",
        "München",
        "DE",
    )
    assert german.rows("orders", "order_id", "customer_id", "order_status", "shipping_amount") == [
        ("B1", "1001", "delivered", "4,90"),
        ("B2", "1002", "cancelled", "0,00"),
        ("B3", "1001", "Bizarr", "4,90"),
    ]
    assert german.rows("products", "product_id", "price", "cost")[1] == ("A-2", "1.004,50", "2,00")
    assert german.rows("order_items", "order_item_id", "order_id", "product_id", "quantity")[3] == (
        "4",
        "B3",
        "A-3",
        "1",
    )
    assert german.money("bestellungen") == german.money("bestellpositionen") == 1046.30


def test_what_is_passed_on_can_be_read_by_curation(german):
    sql = german.proposal.tables["orders"].sql
    cents = read("money", "total_amount", "VARCHAR", Style(decimal_comma=True))
    when = read("moment", "order_date", "VARCHAR", Style(day_first=True))
    found = german.con.execute(
        f"select {cents}, cast({when} as varchar) from ({sql}) order by _row"
    )
    assert found.fetchall()[2] == (101250, "2024-03-17 12:30:00")


def test_the_report_speaks_of_the_shops_own_columns(german):
    assert "kunden.KundenNr → customers.customer_id (99%" in german.report
    assert "100% of its values are in kunden.KundenNr" in german.report
    assert "- kunden.Schuhgröße (number, such as '9'; 3 different)" in german.report
    assert "no agreed word is known for 'Bizarr'" in german.report
    assert "no payments: omnix cannot tell how orders are paid" in german.report
    assert "bestellungen has no currency" in german.report


def test_no_value_of_a_person_is_in_profile_or_report(german):
    everything = repr(german.profile) + german.report
    for secret in ("Müller", "ada@", "example.org", "50667", "1001"):
        assert secret not in everything


def test_a_french_shop(french):
    assert french.rows("customers", "first_name", "last_name", "email")[0] == (
        "Élise",
        "Martin",
        "elise@example.fr",
    )
    assert [row[0] for row in french.rows("orders", "order_status")] == [
        "delivered",
        "cancelled",
        "processing",
    ]
    assert french.rows("order_items", "order_id", "product_id", "quantity")[1] == ("C2", "P2", "1")
    assert french.money("lignes_commande") == french.money("commandes") == 1029.0
    assert french.proposal.currency == "EUR"


def test_one_flat_file_gives_four_tables_and_refunds(flat):
    assert set(flat.proposal.tables) == {
        "customers",
        "products",
        "orders",
        "order_items",
        "refunds",
    }
    assert flat.rows(
        "orders", "order_id", "customer_id", "total_amount", "order_date::varchar"
    ) == [
        ("1001", "7", 19, "2024-05-01 10:00:00"),
        ("1002", "8", 7.5, "2024-05-14 11:00:00"),
    ]
    assert flat.rows("order_items", "order_item_id", "order_id", "product_id", "quantity") == [
        ("1", "1001", "Mug", "2"),
        ("2", "1001", "Tea", "1"),
        ("3", "1002", "Mug", "1"),
    ]
    assert flat.rows("refunds", "order_id", "customer_id", "quantity", "amount") == [
        (None, "7", 1, 7.5)
    ]
    assert flat.rows("products", "product_id", "product_name") == [("Mug", "Mug"), ("Tea", "Tea")]
    assert flat.rows("customers", "customer_id", "country") == [("7", "US"), ("8", "CA")]
    assert flat.proposal.raw["export_2024"].home == ("order_items", "refunds")
    assert flat.money("export_2024") == 19.0
    assert flat.proposal.currency == "USD"
    assert "one order is all rows with the same Order ID" in flat.report
    assert "Rows with a negative export_2024.Qty are read as refunds" in flat.report


def test_every_row_of_a_flat_file_has_one_home(flat):
    homes = [flat.rows(agreed, "_row") for agreed in flat.proposal.raw["export_2024"].home]
    assert sorted(row for rows in homes for (row,) in rows) == [1, 2, 3, 4]


def test_a_flat_file_without_order_numbers(tmp_path):
    shop = Shop(
        tmp_path,
        {
            "sales.csv": "date,client,article,amount\n2024-01-01,A1,Tea,5.50\n"
            "2024-01-01,A1,Mug,7.00\n2024-01-02,A1,Tea,5.50\n2024-01-02,B2,Tea,5.50\n"
        },
    )
    assert shop.rows("orders", "order_id", "total_amount") == [
        ("A1-20240101", 12.5),
        ("A1-20240102", 5.5),
        ("B2-20240102", 5.5),
    ]
    assert shop.rows("order_items", "quantity", "unit_price")[0] == (1, "5.50")
    assert "the same client and date" in shop.report


@pytest.mark.parametrize(
    "name", ["store_id", "Store", "branch", "Branch-ID", "location_id", "shop_id", "Filiale", "id_shop", "magasin"]
)  # fmt: skip
def test_the_branch_that_took_an_order_is_found(tmp_path, name):
    orders = f"order_id,order_date,total,channel,{name}\nO1,2024-01-01,5.50,app,Lyon\nO2,2024-01-02,7.00,web,Lille\n"
    shop = Shop(tmp_path, {"orders.csv": orders})
    assert shop.rows("orders", "order_id", "store_id", "channel") == [
        ("O1", "Lyon", "app"),
        ("O2", "Lille", "web"),
    ]


def test_the_branch_is_found_in_a_flat_file(tmp_path):
    lines = "order,date,client,article,amount,Store,Country\n7,2024-01-01,A1,Tea,5.50,Lyon,FR\n7,2024-01-01,A1,Mug,7.00,Lyon,FR\n8,2024-01-02,B2,Tea,5.50,Lille,FR\n"
    shop = Shop(tmp_path, {"sales.csv": lines})
    assert shop.rows("orders", "order_id", "store_id", "shipping_country") == [
        ("7", "Lyon", "FR"),
        ("8", "Lille", "FR"),
    ]


def test_orders_without_an_amount_take_it_from_their_lines(tmp_path):
    shop = Shop(
        tmp_path,
        {
            "orders.csv": "order_id,order_date\nO1,2024-01-01\nO2,2024-01-02\n",
            "order_items.csv": "order_id,product_id,price\nO1,P1,2.50\nO1,P2,1.00\nO2,P1,2.50\n",
        },
    )
    assert shop.rows("orders", "order_id", "total_amount") == [("O1", 3.5), ("O2", 2.5)]
    assert shop.rows("order_items", "quantity", "unit_price")[0] == (1, "2.50")


def test_nonsense_is_not_mapped(tmp_path):
    shop = Shop(tmp_path, NONSENSE)
    assert shop.proposal.tables == {}
    assert "## Nothing could be mapped" in shop.report
    assert "table blob: nothing in the agreed shape fits its columns (foo, bar, baz)" in shop.report
    assert "no orders: omnix cannot tell any question about sales" in shop.report


def test_a_broken_table_does_not_hide_the_others(tmp_path):
    shop_files = {**GERMAN, "Zahlungen.csv": ""}
    for name, text in shop_files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with FilesSource(tmp_path).open() as session:
        proposal = propose_mapping(profile_source(session))
    assert "orders" in proposal.tables
    assert "Zahlungen.csv is empty" in proposal.unused["zahlungen"]


def test_a_proposal_is_a_folder_of_files(german, tmp_path):
    folder = tmp_path / "mapping"
    german.proposal.write(folder)
    assert {path.name for path in folder.iterdir()} == {
        "customers.sql",
        "products.sql",
        "orders.sql",
        "order_items.sql",
        "mapping.toml",
        "REPORT.md",
    }
    told = tomllib.loads((folder / "mapping.toml").read_text(encoding="utf-8"))
    assert told["raw"]["kunden"] == {"home": ["customers"]}
    assert told["raw"]["bestellungen"]["money"] == german.proposal.raw["bestellungen"].money
    assert "%: its name" in (folder / "orders.sql").read_text(encoding="utf-8")
    assert (folder / "REPORT.md").read_text(encoding="utf-8").startswith("# How omnix reads")


def test_names_that_no_language_expects(tmp_path):
    shop = Shop(
        tmp_path,
        {
            'we"ird; -- name.csv': 'order_id,order_date,"to""tal"\n1,2024-01-01,5.00\n2,2024-01-02,6.00\n'
        },
    )
    assert set(shop.profile.tables) == {"we_ird_name"}
    for mapped in shop.proposal.tables.values():
        shop.con.execute(mapped.sql)


def test_values_are_not_kept_where_they_tell_of_a_person(tmp_path):
    mails = "".join(f"{n},m{n % 2}@example.org,open\n" for n in range(6))
    shop = Shop(tmp_path, {"x.csv": f"id,contact_type,state\n{mails}"})
    columns = shop.profile.tables["x"].columns
    assert columns["contact_type"].values == ()
    assert columns["state"].values == ("open",)


def test_a_card_number_is_mapped_by_what_the_door_leaves_of_it(tmp_path):
    shop = Shop(
        tmp_path,
        {
            "payments.csv": "payment_id,order_id,amount,card_number\n"
            "1,O1,5.00,411111******1111\n2,O2,6.00,\n"
        },
    )
    assert shop.rows("payments", "card_bin", "card_last_four") == [("411111", "1111"), (None, None)]
    assert "card_number" not in [part.agreed for part in shop.proposal.tables["payments"].parts]


def test_a_proposal_loads_as_a_mapping(flat, tmp_path):
    from omnix.sources.preset import load_preset

    flat.proposal.write(tmp_path / "mapping")
    preset = load_preset(tmp_path / "mapping")
    assert preset.currency == "USD"
    assert preset.raw["export_2024"].home == ("order_items", "refunds")
    assert preset.reads("refunds") == ("export_2024",)


def test_what_columns_look_like(german):
    kunden = german.profile.tables["kunden"].columns
    assert kunden["E-Mail"].looks == "e-mail"
    assert kunden["Land"].looks == "country"
    assert kunden["Kunde seit"].looks == "timestamp"
    assert kunden["KundenNr"].unique
    orders = german.profile.tables["bestellungen"].columns
    assert orders["Gesamtbetrag"].looks == "money"
    assert orders["KundenNr"].refers_to[0] == ("kunden", "KundenNr", 1.0)
    assert orders["Status"].values == ("Bizarr", "Geliefert", "Storniert")
    assert german.profile.tables["kunden"].rows == 3
    assert german.profile.tables["kunden"].whole
