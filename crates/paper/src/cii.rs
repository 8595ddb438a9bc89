//! Invoices and credit notes as UN/CEFACT Cross Industry Invoice, as EN 16931 binds it: what Factur-X embeds.
//!
//! In:  a document with taxes. Out: XML.
//! Invariant: the order of elements is that of the schema; sums are those of the document.

use crate::en16931::{self, Number};
use crate::ubl::{GUIDELINE, priced};
use crate::xml::{self, Element, all, said, text};
use billing::document::invoiced::{Line, RateSum, Taxed};
use billing::document::party::Party;
use billing::document::tax::{Category, Tax};
use billing::document::{Content, Document};
use units::Money;

const ROOT: &str = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100";
const AGGREGATE: &str = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100";
const QUALIFIED: &str = "urn:un:unece:uncefact:data:standard:QualifiedDataType:100";
const UNQUALIFIED: &str = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100";

/// The text of a document.
pub(crate) fn write(document: &Document, taxed: &Taxed, shares: &[RateSum<'_>]) -> String {
    let (code, note, delivered) = match &document.content {
        Content::CreditNote(it) => ("381", it.reason.as_str(), &it.original_day),
        Content::Invoice(it) => ("380", "", &it.last_day),
        Content::Statement(_) | Content::Receipt(_) => ("380", "", &document.day),
    };
    let context = all("ram:GuidelineSpecifiedDocumentContextParameter", [text("ram:ID", GUIDELINE)]);
    let mut head = vec![
        text("ram:ID", document.number.as_str()),
        text("ram:TypeCode", code),
        day("ram:IssueDateTime", "udt:DateTimeString", &document.day),
    ];
    head.extend(said("ram:Content", note).map(|it| all("ram:IncludedNote", [it])));
    let mut deal: Vec<Element> =
        taxed.lines.iter().zip(1..).map(|(it, number)| line(taxed, it, number)).collect();
    deal.push(all("ram:ApplicableHeaderTradeAgreement", [seller(document, taxed), buyer(document, taxed)]));
    let delivered = [day("ram:OccurrenceDateTime", "udt:DateTimeString", delivered)];
    let delivered = [all("ram:ActualDeliverySupplyChainEvent", delivered)];
    deal.push(all("ram:ApplicableHeaderTradeDelivery", delivered));
    deal.push(settlement(document, taxed, shares));
    let root = all(
        "rsm:CrossIndustryInvoice",
        [
            all("rsm:ExchangedDocumentContext", [context]),
            all("rsm:ExchangedDocument", head),
            all("rsm:SupplyChainTradeTransaction", deal),
        ],
    );
    let root = root.with("xmlns:rsm", ROOT).with("xmlns:ram", AGGREGATE);
    xml::document(&root.with("xmlns:qdt", QUALIFIED).with("xmlns:udt", UNQUALIFIED))
}

/// A day such as `20260618`.
fn day(name: &'static str, kind: &'static str, it: &str) -> Element {
    all(name, [text(kind, it.replace('-', "")).with("format", "102")])
}

fn money(name: &'static str, it: Money) -> Element {
    text(name, it.to_string())
}

/// The seller: by its number for taxes, and by the name that its file gives it, of which there is always one (BR-CO-26).
fn seller(document: &Document, taxed: &Taxed) -> Element {
    let it = &document.seller;
    let number = match en16931::number(it, taxed) {
        Number::None => None,
        Number::Vat(number) => Some(registered(number, "VA")),
        Number::Other(number) => Some(registered(number, "FC")),
    };
    let first = [text("ram:ID", document.entity.as_str()), text("ram:Name", it.name.as_str())];
    party("ram:SellerTradeParty", it, first.into(), number)
}

/// The buyer: by its VAT number, or by another among what its legal entity is known by (BR-AE-02).
fn buyer(document: &Document, taxed: &Taxed) -> Element {
    let it = &document.buyer;
    let mut first = vec![text("ram:Name", it.name.as_str())];
    let number = match en16931::number(it, taxed) {
        Number::None => None,
        Number::Vat(number) => Some(registered(number, "VA")),
        Number::Other(number) => {
            first.push(all("ram:SpecifiedLegalOrganization", [text("ram:ID", number)]));
            None
        }
    };
    party("ram:BuyerTradeParty", it, first, number)
}

fn party(name: &'static str, it: &Party, mut inside: Vec<Element>, number: Option<Element>) -> Element {
    let phone =
        said("ram:CompleteNumber", &it.phone).map(|it| all("ram:TelephoneUniversalCommunication", [it]));
    let mail = said("ram:URIID", &it.mail).map(|it| all("ram:EmailURIUniversalCommunication", [it]));
    let contact: Vec<Element> = [phone, mail].into_iter().flatten().collect();
    if !contact.is_empty() {
        inside.push(all("ram:DefinedTradeContact", contact));
    }
    let address = [
        said("ram:PostcodeCode", &it.postal_code),
        said("ram:LineOne", &it.street),
        said("ram:CityName", &it.city),
        said("ram:CountryID", &it.country),
    ];
    inside.push(all("ram:PostalTradeAddress", address.into_iter().flatten()));
    inside.extend(number);
    all(name, inside)
}

fn registered(number: &str, scheme: &'static str) -> Element {
    all("ram:SpecifiedTaxRegistration", [text("ram:ID", number).with("schemeID", scheme)])
}

/// The category of a tax; outside of its scope there is no rate.
fn category(tax: &Tax) -> Vec<Element> {
    let mut inside = vec![text("ram:CategoryCode", tax.category.code())];
    if tax.category != Category::Outside {
        inside.push(text("ram:RateApplicablePercent", tax.percent()));
    }
    inside
}

fn line(taxed: &Taxed, it: &Line, number: u32) -> Element {
    let (quantity, price) = priced(it.net);
    let tax = std::iter::once(text("ram:TypeCode", "VAT")).chain(category(taxed.tax_of(it)));
    let sum =
        all("ram:SpecifiedTradeSettlementLineMonetarySummation", [money("ram:LineTotalAmount", it.net)]);
    let inside = [
        all("ram:AssociatedDocumentLineDocument", [text("ram:LineID", number.to_string())]),
        all("ram:SpecifiedTradeProduct", [text("ram:Name", it.name.en.as_str())]),
        all(
            "ram:SpecifiedLineTradeAgreement",
            [all("ram:NetPriceProductTradePrice", [money("ram:ChargeAmount", price)])],
        ),
        all("ram:SpecifiedLineTradeDelivery", [text("ram:BilledQuantity", quantity).with("unitCode", "C62")]),
        all("ram:SpecifiedLineTradeSettlement", [all("ram:ApplicableTradeTax", tax), sum]),
    ];
    all("ram:IncludedSupplyChainTradeLineItem", inside)
}

fn tax(it: &RateSum<'_>) -> Element {
    let mut inside = vec![money("ram:CalculatedAmount", it.amount), text("ram:TypeCode", "VAT")];
    inside.extend(en16931::reason(it).as_deref().map(|it| text("ram:ExemptionReason", it)));
    inside.push(money("ram:BasisAmount", it.net));
    inside.extend(category(it.tax));
    all("ram:ApplicableTradeTax", inside)
}

fn settlement(document: &Document, taxed: &Taxed, shares: &[RateSum<'_>]) -> Element {
    let currency = document.currency().as_str();
    let mut inside = vec![text("ram:InvoiceCurrencyCode", currency)];
    inside.extend(shares.iter().map(tax));
    if let Content::Invoice(it) = &document.content {
        let period = [
            day("ram:StartDateTime", "udt:DateTimeString", &it.first_day),
            day("ram:EndDateTime", "udt:DateTimeString", &it.last_day),
        ];
        inside.push(all("ram:BillingSpecifiedPeriod", period));
    }
    if taxed.due.is_positive() {
        let terms = text("ram:Description", "The tax is to be paid on top");
        inside.push(all("ram:SpecifiedTradePaymentTerms", [terms]));
    }
    let sums = [
        money("ram:LineTotalAmount", taxed.net),
        money("ram:TaxBasisTotalAmount", taxed.net),
        money("ram:TaxTotalAmount", taxed.tax).with("currencyID", currency),
        money("ram:GrandTotalAmount", taxed.gross),
        money("ram:TotalPrepaidAmount", taxed.paid),
        money("ram:DuePayableAmount", taxed.due),
    ];
    inside.push(all("ram:SpecifiedTradeSettlementHeaderMonetarySummation", sums));
    if let Content::CreditNote(it) = &document.content {
        let reference = [
            text("ram:IssuerAssignedID", it.original_number.as_str()),
            day("ram:FormattedIssueDateTime", "qdt:DateTimeString", &it.original_day),
        ];
        inside.push(all("ram:InvoiceReferencedDocument", reference));
    }
    all("ram:ApplicableHeaderTradeSettlement", inside)
}
