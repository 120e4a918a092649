"""What shops call things: the spellings of tables and columns in several languages.

A spelling is compared without blanks, underscores, accents and capitals. `{t}` stands for any of
the table's own names: "{t}id" is customerid, kundenid, clientid …
"""

from __future__ import annotations

from collections.abc import Mapping

from omnix.sources.profile.cells import Looks

#: Names of one thing, singular; a plural ending is tried as well.
TABLES: Mapping[str, str] = {
    "customers": "customer client kunde kunden user buyer member account shopper cliente utente acheteur "
    "kaeufer kontakt contact person crm klant klanten kund klient benutzer",
    "categories": "category kategorie categorie categoria warengruppe productgroup produktgruppe "
    "department rubrique familie kategori departamento",
    "products": "product artikel article item sku produkt produit producto prodotto produto stammartikel "
    "catalog catalogue katalog goods warenstamm varer stock_code",
    "inventory": "inventory stock bestand lager lagerbestand stocklevel estoque inventario voorraad "
    "magazzino stocks warehouse",
    "orders": "order bestellung bestellungen commande pedido ordine auftrag auftraege sale sales invoice "
    "rechnung facture transaction purchase verkauf vente orderheader bestelling encomenda zamowienie "
    "verkaeufe receipt basket checkout vendas ventas",
    "order_items": "orderitem orderline lineitem orderdetail invoiceline salesline bestellposition "
    "bestellpositionen position auftragsposition lignecommande lignescommande lignesdecommande "
    "lignedecommande detailcommande detallepedido "
    "lineapedido orderproduct invoiceitem saleitem rechnungsposition bestellzeile item line righeordine "
    "itempedido bestelldetails purchaseditems salesorderitem",
    "payments": "payment zahlung zahlungen paiement reglement pago pagamento orderpayment "
    "paymenttransaction betaling charge",
    "refunds": "refund erstattung gutschrift return retoure remboursement creditmemo creditnote reembolso "
    "devolucion devolution rimborso rueckgabe avoir",
    "shipments": "shipment versand lieferung expedition livraison envio spedizione delivery sendung tracking "
    "fulfillment fulfilment verzending",
    "reviews": "review bewertung avis evaluation resena rating avaliacao recensione feedback orderreview",
    "promotions": "promotion coupon gutschein voucher discountcode rabatt promo campaign aktion kampagne "
    "codepromo cartrule pricerule",
    "consents": "consent einwilligung consentement optin permission newsletteroptin consentimiento",
    "competitor_prices": "competitorprice konkurrenzpreis wettbewerberpreis prixconcurrent competitor",
    "exchange_rates": "exchangerate wechselkurs fxrate currencyrate tauxdechange kurs",
    "holidays": "holiday feiertag jourferie festivo publicholiday",
    "price_history": "pricehistory preisverlauf preishistorie historiqueprix pricechange",
}

_ID = "{t}id {t}nr {t}no {t}number {t}num {t}nummer {t}code {t}key {t}ref id{t} no{t} num{t} {t}uid {t}uuid {t}"
_CUSTOMER = (
    "customerid customerno customernumber customernr kundenid kundennr kundennummer kdnr clientid "
    "numclient noclient idclient codeclient refclient userid buyerid memberid accountid contactid clienteid idcliente "
    "shopperid customer kunde client user buyer cliente customerref customercode klantnummer idkunde "
    "kunden acheteur person household householdkey personid"
)
_PRODUCT = (
    "productid productcode productno productnr productsku artikelnr artikelid artikelnummer artnr "
    "itemid itemno itemcode itemnumber sku stockcode produktid produktnr articleid refarticle refproduit "
    "reference idproduit idarticle produit article artikel codearticle productoid idproducto produtoid asin ean "
    "variantid lineitemsku product item produkt codigo codproduto prodottoid upc gtin productref"
)
_ORDER = (
    "orderid orderno ordernumber ordernr bestellnr bestellid bestellnummer bestellungid auftragsnr "
    "auftragsnummer invoice invoiceno invoiceid invoicenumber rechnungsnr numcommande nocommande "
    "idcommande refcommande commande commandeid numerocommande pedidoid idpedido transactionid saleid salesid receiptid receiptno "
    "basketid transactionno salesorderid orderref order bestellung beleg belegnr belegnummer factureid "
    "numfacture facture purchaseid checkoutid orderkey ordine ordineid idordine transaction entityid"
)
_CREATED = "createdat created createdon creationdate datecreated dateadd dateadded erstelltam angelegtam anlagedatum creele datecreation insertedat registeredat registrationdate signupdate signup registriertam dateinscription createddate joined joindate fechaalta"
_UPDATED = "updatedat updated modified modifiedat updatedon lastmodified datemodified dateupd geaendertam aktualisiertam changedat modifiele datemodification lastupdate updateddate"
_ACTIVE = "isactive active aktiv actif enabled visible activo ativo istaktiv status"
_CURRENCY = "currency currencycode waehrung devise moneda moeda valuta curr ordercurrency monnaie currencyiso ordercurrencycode"
_COUNTRY = (
    "country land pays pais paese countrycode laendercode countryiso codepays staat countryname"
)
_NOTE = "description beschreibung desc langtext descripcion descricao descrizione productdescription longdescription"

#: For each agreed column: how it must look ("" for anything), and its spellings.
Words = Mapping[str, tuple[tuple[Looks, ...], str]]

_ANY: tuple[Looks, ...] = ()
_KEY: tuple[Looks, ...] = ("id", "number", "text")
_TEXT: tuple[Looks, ...] = ("text", "id")
_LABEL: tuple[Looks, ...] = ("text", "id", "country", "currency", "number")
_MONEY: tuple[Looks, ...] = ("money", "number")
_WHEN: tuple[Looks, ...] = ("timestamp",)
_CODE: tuple[Looks, ...] = ("country", "text", "currency")
_FLAG: tuple[Looks, ...] = ("flag", "number")

_TIMES: Words = {"created_at": (_WHEN, _CREATED), "updated_at": (_WHEN, _UPDATED)}

COLUMNS: Mapping[str, Words] = {
    "customers": {
        "customer_id": (_KEY, f"{_ID} id {_CUSTOMER} customeruniqueid"),
        "email": (
            ("e-mail",),
            "email mail emailaddress courriel correo mailadresse emailadresse adressemail correoelectronico adresseemail customeremail",
        ),
        "first_name": (
            _TEXT,
            "firstname vorname prenom nombre forename givenname nome fname voornaam",
        ),
        "last_name": (
            _TEXT,
            "lastname nachname surname familyname apellido apellidos cognome sobrenome lname familienname achternaam nomdefamille nomclient nom nome name",
        ),
        "phone": (
            ("phone", "number", "text"),
            "phone telephone telefon tel mobile phonenumber telefonnummer telefono handy portable telefone",
        ),
        "address_line1": (
            _TEXT,
            "address address1 addressline1 street strasse adresse rue direccion indirizzo endereco streetaddress anschrift strassehausnr",
        ),
        "address_line2": (_TEXT, "address2 addressline2 adresse2 zusatz adresszusatz complement"),
        "city": (_TEXT, "city ort stadt ville ciudad citta cidade town wohnort {t}city"),
        "state": (
            _LABEL,
            "state region province bundesland provincia estado county kanton {t}state",
        ),
        "postal_code": (
            _LABEL,
            "postalcode zip zipcode plz postleitzahl codepostal postcode codigopostal cap cep {t}zipcode {t}zipcodeprefix",
        ),
        "country": (_CODE, f"{_COUNTRY} {{t}}country"),
        "is_active": (_FLAG, _ACTIVE),
        "customer_segment": (
            _LABEL,
            "segment customersegment kundensegment kundengruppe groupe customergroup group tier customertype kundentyp typeclient",
        ),
        "created_at": (_WHEN, f"{_CREATED} kundeseit membersince clientdepuis customersince"),
        "updated_at": (_WHEN, _UPDATED),
    },
    "categories": {
        "category_id": (_KEY, f"{_ID} id code"),
        "category_name": (
            _TEXT,
            "categoryname name bezeichnung nom nombre title kategoriename kategorie category libelle titel nome",
        ),
        "parent_category_id": (
            _KEY,
            "parentcategoryid parentid parent oberkategorie idparent elternid parentcategory ueberkategorie",
        ),
        "description": (_TEXT, _NOTE),
        "is_active": (_FLAG, _ACTIVE),
        **_TIMES,
    },
    "products": {
        "product_id": (_KEY, f"{_ID} id {_PRODUCT} handle"),
        "product_name": (
            _TEXT,
            "productname name title bezeichnung artikelname artikelbezeichnung produktname nom nomproduit libelle designation nombre descricao description itemname nome titel articlename itemdescription productdescription beschreibung productnameen lineitemname produktbezeichnung articulo product item article artikel produkt produit producto prodotto",
        ),
        "category_id": (
            _LABEL,
            "categoryid category kategorie kategorieid categorie categoria warengruppe warengruppeid productcategory productcategoryname department idcategorie producttype produktgruppe idcategoriedefault rubrique collection type",
        ),
        "description": (
            _TEXT,
            f"{_NOTE} productdescription body bodyhtml shortdescription details",
        ),
        "sku": (_LABEL, "sku artikelnummer itemcode ean gtin barcode upc reference variantsku"),
        "price": (
            _MONEY,
            "price unitprice listprice preis verkaufspreis vk prix prixunitaire prixvente precio prezzo preco retailprice salesprice msrp einzelpreis nettopreis pvp variantprice prixht prixttc vkpreis",
        ),
        "cost": (
            _MONEY,
            "cost costprice einkaufspreis ek purchaseprice wholesaleprice prixachat coste custo unitcost cogs ekpreis costperitem coutachat",
        ),
        "currency": (("currency", "text"), _CURRENCY),
        "weight": (
            ("number", "money"),
            "weight gewicht poids peso productweightg weightg weightkg grams",
        ),
        "dimensions": (_LABEL, "dimensions masse size abmessungen groesse taille"),
        "brand": (_LABEL, "brand marke marque marca brandname vendor"),
        "manufacturer": (
            _LABEL,
            "manufacturer hersteller fabricant fabricante produttore maker supplier lieferant",
        ),
        "is_active": (_FLAG, _ACTIVE),
        **_TIMES,
    },
    "inventory": {
        "inventory_id": (_KEY, f"{_ID} id"),
        "product_id": (_KEY, _PRODUCT),
        "warehouse_location": (
            _LABEL,
            "warehouselocation warehouse location lager lagerort lagerplatz entrepot almacen magazzino site store shop depot",
        ),
        "quantity_available": (
            ("number", "money"),
            "quantityavailable available quantity qty stock menge bestand onhand verfuegbar stockonhand quantite disponible quantityonhand lagerbestand stocklevel inventoryquantity enstock",
        ),
        "quantity_reserved": (
            ("number", "money"),
            "quantityreserved reserved reserviert allocated committed reserve",
        ),
        "reorder_point": (
            ("number", "money"),
            "reorderpoint meldebestand mindestbestand minstock reorderlevel safetystock seuil",
        ),
        "reorder_quantity": (
            ("number", "money"),
            "reorderquantity bestellmenge reorderqty lotsize",
        ),
        "last_restocked_at": (
            _WHEN,
            "lastrestockedat lastrestocked restockedat letzterwareneingang lastreceipt",
        ),
        **_TIMES,
    },
    "orders": {
        "order_id": (_KEY, f"{_ID} id {_ORDER}"),
        "customer_id": (_KEY, _CUSTOMER),
        "order_date": (
            _WHEN,
            "orderdate date datum bestelldatum orderedat datecommande fechapedido invoicedate rechnungsdatum purchasedate orderpurchasetimestamp saledate transactiondate datefacture orderdatetime placedat fecha data timestamp bestelltam auftragsdatum belegdatum kaufdatum dateachat datevente verkaufsdatum day tag ordertime commandele paidat datedecommande createdat created datetime time",
        ),
        "order_status": (
            _LABEL,
            "orderstatus status state zustand bestellstatus statut etat estado stato auftragsstatus statutcommande financialstatus situacao",
        ),
        "total_amount": (
            _MONEY,
            "totalamount total amount betrag gesamtbetrag summe grandtotal ordertotal montant montanttotal totalttc importe importo gesamt gesamtsumme totalprice ordervalue rechnungsbetrag revenue umsatz sales value bruttobetrag brutto totalpaid spent spend valor baseetotal basegrandtotal endbetrag totalht prixtotal turnover dollars",
        ),
        "tax_amount": (
            _MONEY,
            "taxamount tax mwst vat steuer tva iva ust taxes totaltax mehrwertsteuer montanttva umsatzsteuer",
        ),
        "shipping_amount": (
            _MONEY,
            "shippingamount shipping shippingcost versandkosten versand fraisdeport fraisport freight porto deliveryfee freightvalue shippingtotal enviogastos portokosten livraison fraislivraison",
        ),
        "discount_amount": (
            _MONEY,
            "discountamount discount rabatt remise descuento sconto nachlass totaldiscount reduction discounttotal desconto",
        ),
        "currency": (("currency", "text"), _CURRENCY),
        "payment_method": (
            _LABEL,
            "paymentmethod payment zahlungsart zahlart modepaiement moyenpaiement paymenttype metodopago pagamento zahlungsweise gateway paymentgateway zahlungsmethode modedepaiement",
        ),
        "channel": (
            _LABEL,
            "channel saleschannel kanal vertriebskanal canal source platform plattform",
        ),
        "store_id": (
            _LABEL,
            "storeid store storenumber storeno storenr storecode storename branchid branch branchno branchcode branchname locationid outlet outletid shop shopid idshop filiale filialnr filialnummer filialid magasin idmagasin boutique tienda idtienda sucursal negozio loja winkel standort",
        ),
        "coupon_code": (
            _LABEL,
            "couponcode coupon voucher gutschein gutscheincode promocode codepromo discountcode cupon",
        ),
        "device_id": (_LABEL, "deviceid device geraet fingerprint"),
        "ip_country": (_CODE, "ipcountry ipland"),
        "billing_country": (
            _CODE,
            "billingcountry rechnungsland paysfacturation billcountry billingcountrycode",
        ),
        "shipping_address_line1": (
            _TEXT,
            "shippingaddressline1 shippingaddress shippingaddress1 lieferadresse lieferstrasse adresselivraison shippingstreet shipaddress deliveryaddress",
        ),
        "shipping_address_line2": (_TEXT, "shippingaddressline2 shippingaddress2"),
        "shipping_city": (
            _TEXT,
            "shippingcity lieferort city ort ville shipcity villelivraison stadt",
        ),
        "shipping_state": (
            _LABEL,
            "shippingstate shippingprovince region state province bundesland shipstate",
        ),
        "shipping_postal_code": (
            _LABEL,
            "shippingpostalcode shippingzip lieferplz shipzip plz zip codepostal postcode postalcode",
        ),
        "shipping_country": (
            _CODE,
            f"shippingcountry lieferland payslivraison shipcountry shippingcountrycode deliverycountry {_COUNTRY}",
        ),
        "notes": (
            _TEXT,
            "notes note comment comments bemerkung kommentar commentaire remarks bemerkungen customernote anmerkung",
        ),
        **_TIMES,
    },
    "order_items": {
        "order_item_id": (
            _KEY,
            f"{_ID} id lineid lineno positionid posid posnr positionsnr zeilennr zeile itemid detailid rowid positionsid idligne ligneid",
        ),
        "order_id": (_KEY, _ORDER),
        "product_id": (_KEY, _PRODUCT),
        "quantity": (
            ("number", "money"),
            "quantity qty lineitemquantity menge anzahl quantite cantidad quantita quantidade stueck units count qte qtyordered pieces stk stueckzahl unitssold volume aantal numunits",
        ),
        "unit_price": (
            _MONEY,
            "unitprice price einzelpreis preis prixunitaire prix pu precio preciounitario prezzo preco itemprice stueckpreis priceeach sellingprice verkaufspreis nettopreis lineitemprice unitpriceht prixht",
        ),
        "discount_amount": (
            _MONEY,
            "discountamount discount rabatt remise descuento sconto nachlass linediscount",
        ),
        "tax_amount": (_MONEY, "taxamount tax mwst vat steuer tva iva ust"),
        "total_amount": (
            _MONEY,
            "totalamount total linetotal amount betrag positionssumme gesamtpreis montant subtotal rowtotal lineamount importe gesamt summe totalprice extendedprice revenue umsatz sales prixtotal totalligne zeilensumme lineprice",
        ),
        **_TIMES,
    },
    "payments": {
        "payment_id": (_KEY, f"{_ID} id transactionid"),
        "order_id": (_KEY, _ORDER),
        "payment_method": (
            _LABEL,
            "paymentmethod method zahlungsart zahlart paymenttype type modepaiement moyenpaiement metodo gateway mode",
        ),
        "payment_status": (_LABEL, "paymentstatus status state statut zustand estado kind"),
        "amount": (
            _MONEY,
            "amount betrag montant paymentvalue value importe total sum paidamount paymentamount summe zahlbetrag",
        ),
        "currency": (("currency", "text"), _CURRENCY),
        "transaction_id": (
            _LABEL,
            "transactionid txnid reference transaktionsid authorization pspreference chargeid lasttransid",
        ),
        "card_number": (
            _LABEL,
            "cardnumber kartennummer pan ccnumber creditcardnumber numerocarte card",
        ),
        "card_brand": (_LABEL, "cardbrand brand cardtype kartentyp cctype scheme network"),
        "card_bin": (_LABEL, "cardbin bin iin first6"),
        "card_last_four": (_LABEL, "cardlastfour last4 lastfour cclast4 cardlast4"),
        "card_token": (_LABEL, "cardtoken token"),
        "payment_date": (
            _WHEN,
            "paymentdate paidat date datum zahlungsdatum datepaiement createdat processedat fecha bezahltam datereglement created",
        ),
        **_TIMES,
    },
    "refunds": {
        "refund_id": (_KEY, f"{_ID} id"),
        "order_id": (_KEY, _ORDER),
        "order_item_id": (_KEY, "orderitemid lineitemid positionid orderlineid"),
        "customer_id": (_KEY, _CUSTOMER),
        "product_id": (_KEY, _PRODUCT),
        "kind": (_LABEL, "kind type art typ"),
        "quantity": (("number", "money"), "quantity qty menge anzahl quantite cantidad stueck"),
        "amount": (
            _MONEY,
            "amount refundamount betrag montant erstattungsbetrag total value importe summe grandtotal",
        ),
        "currency": (("currency", "text"), _CURRENCY),
        "country": (_CODE, _COUNTRY),
        "reason": (_LABEL, "reason grund motif motivo returnreason note kommentar"),
        "refunded_at": (
            _WHEN,
            "refundedat refunddate date datum createdat processedat dateretour returndate erstattetam rueckgabedatum dateremboursement returnedat created",
        ),
        **_TIMES,
    },
    "shipments": {
        "shipment_id": (_KEY, f"{_ID} id"),
        "order_id": (_KEY, _ORDER),
        "carrier": (
            _LABEL,
            "carrier versanddienstleister transporteur courier shipper spediteur transportista company",
        ),
        "tracking_number": (
            _LABEL,
            "trackingnumber tracking trackingid sendungsnummer numerosuivi trackingcode awb",
        ),
        "shipment_status": (
            _LABEL,
            "shipmentstatus status state statut zustand deliverystatus lieferstatus",
        ),
        "shipped_date": (
            _WHEN,
            "shippeddate shippedat shipdate versanddatum dateexpedition versendetam date sentat dispatchdate createdat",
        ),
        "estimated_delivery_date": (
            _WHEN,
            "estimateddeliverydate estimateddelivery eta lieferterminsoll promiseddate expecteddelivery",
        ),
        "actual_delivery_date": (
            _WHEN,
            "actualdeliverydate deliveredat deliverydate lieferdatum datelivraison zugestelltam delivered",
        ),
        "shipping_cost": (_MONEY, "shippingcost cost versandkosten fracht frais freight porto"),
        **_TIMES,
    },
    "reviews": {
        "review_id": (_KEY, f"{_ID} id"),
        "product_id": (_KEY, _PRODUCT),
        "customer_id": (_KEY, _CUSTOMER),
        "rating": (
            ("number", "money"),
            "rating stars sterne note score reviewscore bewertung punkte puntuacion etoiles grade",
        ),
        "review_title": (
            _TEXT,
            "reviewtitle title titel titre summary reviewcommenttitle betreff headline",
        ),
        "review_text": (
            _TEXT,
            "reviewtext text comment body kommentar commentaire review content reviewcommentmessage message detail",
        ),
        "is_verified_purchase": (_FLAG, "isverifiedpurchase verified verifiziert verifiedpurchase"),
        "helpful_count": (("number",), "helpfulcount helpful votes upvotes hilfreich"),
        "created_at": (_WHEN, f"{_CREATED} date datum reviewdate reviewcreationdate fecha"),
        "updated_at": (_WHEN, _UPDATED),
    },
    "promotions": {
        "promotion_id": (_KEY, f"{_ID} id"),
        "promotion_code": (
            _LABEL,
            "promotioncode code couponcode vouchercode gutscheincode coupon",
        ),
        "promotion_name": (_LABEL, "promotionname name title bezeichnung nom titel"),
        "description": (_TEXT, _NOTE),
        "discount_type": (_LABEL, "discounttype type rabattart typ simpleaction"),
        "discount_value": (
            _MONEY,
            "discountvalue value discount rabatt wert discountamount amount percent reduction",
        ),
        "min_purchase_amount": (
            _MONEY,
            "minpurchaseamount minimum minamount mindestbestellwert minordervalue",
        ),
        "max_discount_amount": (_MONEY, "maxdiscountamount maxdiscount"),
        "start_date": (
            _WHEN,
            "startdate start validfrom gueltigab von fromdate datedebut startsat beginn",
        ),
        "end_date": (
            _WHEN,
            "enddate end validto gueltigbis bis todate datefin endsat expires ende validuntil",
        ),
        "usage_limit": (("number",), "usagelimit limit maxuses usespercoupon"),
        "usage_count": (("number",), "usagecount uses timesused used"),
        "is_active": (_FLAG, _ACTIVE),
        **_TIMES,
    },
    "consents": {
        "consent_id": (_KEY, f"{_ID} id"),
        "customer_id": (_KEY, _CUSTOMER),
        "purpose": (_LABEL, "purpose zweck type finalite channel kind topic"),
        "granted": (
            _FLAG,
            "granted consent optin status einwilligung accepted given value subscribed erteilt",
        ),
        "recorded_at": (_WHEN, "recordedat date datum createdat timestamp changedat fecha created"),
        "source": (_LABEL, "source quelle origin herkunft"),
    },
    "competitor_prices": {
        "product_id": (_KEY, _PRODUCT),
        "competitor_name": (
            _LABEL,
            "competitorname competitor wettbewerber konkurrent concurrent rival seller",
        ),
        "competitor_price": (_MONEY, "competitorprice price preis prix"),
        "currency": (("currency", "text"), _CURRENCY),
        "observed_at": (_WHEN, "observedat date datum seenat timestamp"),
    },
    "exchange_rates": {
        "rate_date": (_WHEN, "ratedate date datum day tag validfrom"),
        "currency": (("currency",), f"{_CURRENCY} fromcurrency from quote quotecurrency"),
        "base_currency": (("currency",), "basecurrency base tocurrency to basiswaehrung"),
        "rate": (_MONEY, "rate kurs taux exchangerate fxrate value"),
    },
    "holidays": {
        "holiday_date": (_WHEN, "holidaydate date datum day jour fecha tag"),
        "country": (_CODE, _COUNTRY),
        "holiday_name": (_LABEL, "holidayname name holiday feiertag nom nombre bezeichnung"),
    },
    "price_history": {
        "product_id": (_KEY, _PRODUCT),
        "valid_from": (_WHEN, "validfrom date datum from gueltigab changedat start since"),
        "price": (_MONEY, "price preis prix newprice precio neuerpreis"),
        "currency": (("currency", "text"), _CURRENCY),
    },
}
