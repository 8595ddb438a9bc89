//! Invoices and credit notes as UBL 2.1, as EN 16931 binds it.
//!
//! In:  a document with taxes. Out: XML.
//! Invariant: the order of elements is that of the schema; sums are those of the document. A line below zero has a quantity
//! below zero: prices are never below it (BR-27).

use crate::en16931::{self, Number};
use crate::xml::{self, Element, all, said, text};
use billing::document::invoiced::{Line, RateSum, Taxed};
use billing::document::party::Party;
use billing::document::tax::{Category, Tax};
use billing::document::{Content, Document};
use units::Money;

const INVOICE: &str = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2";
const CREDIT_NOTE: &str = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2";
const AGGREGATE: &str = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2";
const BASIC: &str = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2";
/// EN 16931 without national rules.
pub(crate) const GUIDELINE: &str = "urn:cen.eu:en16931:2017";

/// Names that differ between both kinds.
struct Names {
    root: &'static str,
    space: &'static str,
    type_name: &'static str,
    type_code: &'static str,
    line: &'static str,
    quantity: &'static str,
}

/// The text of a document.
pub(crate) fn write(document: &Document, taxed: &Taxed, shares: &[RateSum<'_>]) -> String {
    let (names, days, original, note) = match &document.content {
        Content::CreditNote(it) => (
            Names {
                root: "CreditNote",
                space: CREDIT_NOTE,
                type_name: "cbc:CreditNoteTypeCode",
                type_code: "381",
                line: "cac:CreditNoteLine",
                quantity: "cbc:CreditedQuantity",
            },
            None,
            Some((&it.original_number, &it.original_day)),
            it.reason.as_str(),
        ),
        Content::Invoice(it) => (named_invoice(), Some((&it.first_day, &it.last_day)), None, ""),
        Content::Statement(_) | Content::Receipt(_) => (named_invoice(), None, None, ""),
    };
    let mut inside = vec![
        text("cbc:CustomizationID", GUIDELINE),
        text("cbc:ID", document.number.as_str()),
        text("cbc:IssueDate", document.day.as_str()),
        text(names.type_name, names.type_code),
    ];
    inside.extend(said("cbc:Note", note));
    inside.push(text("cbc:DocumentCurrencyCode", document.currency().as_str()));
    inside.extend(days.map(|(from, to)| {
        all("cac:InvoicePeriod", [text("cbc:StartDate", from.as_str()), text("cbc:EndDate", to.as_str())])
    }));
    inside.extend(original.map(|(number, day)| {
        let reference = [text("cbc:ID", number.as_str()), text("cbc:IssueDate", day.as_str())];
        all("cac:BillingReference", [all("cac:InvoiceDocumentReference", reference)])
    }));
    let (seller, buyer) = (seller(document, taxed), buyer(document, taxed));
    inside.push(all("cac:AccountingSupplierParty", [seller]));
    inside.push(all("cac:AccountingCustomerParty", [buyer]));
    if taxed.due.is_positive() {
        inside.push(all("cac:PaymentTerms", [text("cbc:Note", "The tax is to be paid on top")]));
    }
    inside.push(taxes(taxed, shares));
    inside.push(totals(taxed));
    inside.extend(taxed.lines.iter().zip(1..).map(|(it, number)| line(&names, taxed, it, number)));
    let root = all(names.root, inside)
        .with("xmlns", names.space)
        .with("xmlns:cac", AGGREGATE)
        .with("xmlns:cbc", BASIC);
    xml::document(&root)
}

const fn named_invoice() -> Names {
    Names {
        root: "Invoice",
        space: INVOICE,
        type_name: "cbc:InvoiceTypeCode",
        type_code: "380",
        line: "cac:InvoiceLine",
        quantity: "cbc:InvoicedQuantity",
    }
}

fn money(name: &'static str, it: Money) -> Element {
    text(name, it.to_string()).with("currencyID", it.currency().as_str())
}

/// The seller: by its number for taxes, and by the name that its file gives it, of which there is always one (BR-CO-26).
fn seller(document: &Document, taxed: &Taxed) -> Element {
    let it = &document.seller;
    let number = match en16931::number(it, taxed) {
        Number::None => None,
        Number::Vat(number) => Some(registered(number, "VAT")),
        Number::Other(number) => Some(registered(number, "TAX")),
    };
    let named = all("cac:PartyIdentification", [text("cbc:ID", document.entity.as_str())]);
    let legal = [text("cbc:RegistrationName", it.name.as_str())];
    party(it, Some(named), number, all("cac:PartyLegalEntity", legal))
}

/// The buyer: by its VAT number, or by another among what its legal entity is known by (BR-AE-02).
fn buyer(document: &Document, taxed: &Taxed) -> Element {
    let it = &document.buyer;
    let mut legal = vec![text("cbc:RegistrationName", it.name.as_str())];
    let number = match en16931::number(it, taxed) {
        Number::None => None,
        Number::Vat(number) => Some(registered(number, "VAT")),
        Number::Other(number) => {
            legal.push(text("cbc:CompanyID", number));
            None
        }
    };
    party(it, None, number, all("cac:PartyLegalEntity", legal))
}

fn party(it: &Party, named: Option<Element>, number: Option<Element>, legal: Element) -> Element {
    let mut address: Vec<Element> = Vec::new();
    address.extend(said("cbc:StreetName", &it.street));
    address.extend(said("cbc:CityName", &it.city));
    address.extend(said("cbc:PostalZone", &it.postal_code));
    address.extend(said("cbc:IdentificationCode", &it.country).map(|code| all("cac:Country", [code])));
    let mut inside: Vec<Element> = named.into_iter().collect();
    inside.push(all("cac:PartyName", [text("cbc:Name", it.name.as_str())]));
    inside.push(all("cac:PostalAddress", address));
    inside.extend(number);
    inside.push(legal);
    let contact: Vec<Element> = [said("cbc:Telephone", &it.phone), said("cbc:ElectronicMail", &it.mail)]
        .into_iter()
        .flatten()
        .collect();
    if !contact.is_empty() {
        inside.push(all("cac:Contact", contact));
    }
    all("cac:Party", inside)
}

fn registered(number: &str, scheme: &'static str) -> Element {
    all("cac:PartyTaxScheme", [text("cbc:CompanyID", number), all("cac:TaxScheme", [text("cbc:ID", scheme)])])
}

fn scheme() -> Element {
    all("cac:TaxScheme", [text("cbc:ID", "VAT")])
}

/// The category of a tax; outside of its scope there is no rate (BR-O-5).
fn category(name: &'static str, tax: &Tax, reason: Option<&str>) -> Element {
    let mut inside = vec![text("cbc:ID", tax.category.code())];
    if tax.category != Category::Outside {
        inside.push(text("cbc:Percent", tax.percent()));
    }
    inside.extend(reason.map(|it| text("cbc:TaxExemptionReason", it)));
    inside.push(scheme());
    all(name, inside)
}

fn taxes(taxed: &Taxed, shares: &[RateSum<'_>]) -> Element {
    let part = |it: &RateSum<'_>| {
        let inside = [
            money("cbc:TaxableAmount", it.net),
            money("cbc:TaxAmount", it.amount),
            category("cac:TaxCategory", it.tax, en16931::reason(it).as_deref()),
        ];
        all("cac:TaxSubtotal", inside)
    };
    let parts = shares.iter().map(part);
    all("cac:TaxTotal", std::iter::once(money("cbc:TaxAmount", taxed.tax)).chain(parts))
}

fn totals(taxed: &Taxed) -> Element {
    let inside = [
        money("cbc:LineExtensionAmount", taxed.net),
        money("cbc:TaxExclusiveAmount", taxed.net),
        money("cbc:TaxInclusiveAmount", taxed.gross),
        money("cbc:PrepaidAmount", taxed.paid),
        money("cbc:PayableAmount", taxed.due),
    ];
    all("cac:LegalMonetaryTotal", inside)
}

/// How many, and for how much each: one, or one back.
pub(crate) fn priced(net: Money) -> (&'static str, Money) {
    match net.checked_neg() {
        Ok(other) if net.is_negative() => ("-1", other),
        Ok(_) | Err(_) => ("1", net),
    }
}

fn line(names: &Names, taxed: &Taxed, it: &Line, number: u32) -> Element {
    let (quantity, price) = priced(it.net);
    let tax = category("cac:ClassifiedTaxCategory", taxed.tax_of(it), None);
    let item = [text("cbc:Name", it.name.en.as_str()), tax];
    let inside = [
        text("cbc:ID", number.to_string()),
        text(names.quantity, quantity).with("unitCode", "C62"),
        money("cbc:LineExtensionAmount", it.net),
        all("cac:Item", item),
        all("cac:Price", [money("cbc:PriceAmount", price)]),
    ];
    all(names.line, inside)
}
