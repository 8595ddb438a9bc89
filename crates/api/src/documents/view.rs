//! How documents, billing details and sellers are shown.

use billing::document::invoiced::{Line, TaxSum, Taxed};
use billing::document::party::Party;
use desk::Refusal;
use desk::documents::invoices::ToInvoice;
use desk::documents::{AppliedSellers, Details};
use desk::lists::documents::Filed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::wire::{self, Moment, Text};
use web::words::{self, Word};

/// A file of the sellers, short.
pub(super) const SELLERS: &str = "[[entity]]\nid = \"demo\"\nname = \"Demo Cloud\"\ncountry = \"CN\"\ncity = \"Beijing\"\n\
    street = \"1 Example Street\"\nsells_to = [\"*\"]\ninvoice = \"INV\"\ncredit_note = \"CN\"\n\
    receipt = \"RCT\"\nstatement = \"ST\"\n\n[[tax]]\ncountry = \"*\"\nname = { en = \"VAT\", zh = \"增值税\" }\n\
    rate = \"6\"\nmode = \"inside\"\nfrom = \"2016-01-01\"\n";

/// A document as it was issued.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "doc_019eb7696c008cf183c2a061049531a6", "account": "acc_019eb7696c008cf183c2a061049531a6", "kind": "invoice",
    "number": "INV-2026-000001", "entity": "demo", "day": "2026-06-18", "issued": "2026-06-18T04:00:00Z",
    "total": "357.96", "currency": "CNY", "original": null,
    "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
}))]
pub struct DocumentView {
    pub id: String,
    pub account: String,
    pub kind: words::DocumentKind,
    /// Without a gap within its entity and series.
    pub number: String,
    /// The legal entity that issued it.
    pub entity: String,
    /// The day of it, in the settlement zone.
    pub day: String,
    pub issued: Moment,
    /// What it comes to, taxes included. That of a credit note is above zero where it takes back.
    pub total: wire::MoneyShown,
    pub currency: String,
    /// The invoice that a credit note is of.
    pub original: Option<String>,
    /// The SHA-256 of all that it says.
    pub digest: String,
}

impl From<&Filed> for DocumentView {
    fn from(it: &Filed) -> DocumentView {
        DocumentView {
            id: it.id.to_string(),
            account: it.account.to_string(),
            kind: it.kind.into(),
            number: it.printed.clone(),
            entity: it.entity.clone(),
            day: it.day.clone(),
            issued: wire::time(it.issued),
            total: wire::money(it.total),
            currency: it.total.currency().as_str().to_string(),
            original: it.original.map(|it| it.to_string()),
            digest: it.digest.clone(),
        }
    }
}

/// A document with all that it says.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "doc_019eb7696c008cf183c2a061049531a6", "account": "acc_019eb7696c008cf183c2a061049531a6", "kind": "invoice",
    "number": "INV-2026-000001", "entity": "demo", "day": "2026-06-18", "issued": "2026-06-18T04:00:00Z",
    "total": "357.96", "currency": "CNY", "original": null,
    "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "content": {"invoice": {"taxed": {"net": "337.70", "tax": "20.26", "gross": "357.96", "paid": "357.96"}}}
}))]
pub struct WholeDocumentView {
    #[serde(flatten)]
    pub document: DocumentView,
    /// Seller, buyer, lines, taxes and sums as they were filed; docs/documents.md says what stands in it for each kind.
    #[schema(value_type = Object)]
    pub content: serde_json::Value,
}

impl WholeDocumentView {
    pub fn of(it: &Filed) -> Result<WholeDocumentView, Refusal> {
        let content = serde_json::from_str(&it.body);
        let content = content.map_err(|_| Refusal::corrupt(format!("document {}", it.printed)))?;
        Ok(WholeDocumentView { document: it.into(), content })
    }
}

/// Whom documents of an account are made out to.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "name": "Beispiel GmbH", "tax_number": "DE123456789", "country": "DE", "city": "Berlin", "street": "Beispielweg 1",
    "postal_code": "10115", "phone": "", "mail": "", "bank": "", "bank_account": "", "language": "en"
}))]
pub struct BillingDetailsView {
    /// The legal name; empty where nothing was said: documents then name the account.
    pub name: String,
    pub tax_number: String,
    /// Two letters of ISO 3166.
    pub country: String,
    pub city: String,
    pub street: String,
    pub postal_code: String,
    pub phone: String,
    pub mail: String,
    pub bank: String,
    pub bank_account: String,
    /// In which documents are set where nothing else is asked for.
    pub language: words::Language,
}

impl From<Details> for BillingDetailsView {
    fn from(Details { party: it, language }: Details) -> BillingDetailsView {
        BillingDetailsView {
            name: it.name,
            tax_number: it.tax_number,
            country: it.country,
            city: it.city,
            street: it.street,
            postal_code: it.postal_code,
            phone: it.phone,
            mail: it.mail,
            bank: it.bank,
            bank_account: it.bank_account,
            language: language.into(),
        }
    }
}

/// Whom documents are made out to from now on; what is left out is empty.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Beispiel GmbH", "tax_number": "DE123456789", "country": "DE", "city": "Berlin", "street": "Beispielweg 1",
    "postal_code": "10115", "language": "en"
}))]
pub struct BillingDetailsBody {
    /// The legal name.
    name: Text<1, 120>,
    tax_number: Option<Text<0, 120>>,
    /// Two letters of ISO 3166.
    country: Text<2, 2>,
    city: Option<Text<0, 120>>,
    street: Option<Text<0, 120>>,
    postal_code: Option<Text<0, 120>>,
    phone: Option<Text<0, 120>>,
    mail: Option<Text<0, 120>>,
    bank: Option<Text<0, 120>>,
    bank_account: Option<Text<0, 120>>,
    /// In which documents are set; English if left out.
    language: Option<Word<words::Language>>,
}

impl BillingDetailsBody {
    pub fn details(&self) -> Details {
        let said =
            |it: &Option<Text<0, 120>>| it.as_ref().map_or_else(String::new, |it| it.as_str().to_string());
        let party = Party {
            name: self.name.as_str().to_string(),
            tax_number: said(&self.tax_number),
            country: self.country.as_str().to_string(),
            city: said(&self.city),
            street: said(&self.street),
            postal_code: said(&self.postal_code),
            phone: said(&self.phone),
            mail: said(&self.mail),
            bank: said(&self.bank),
            bank_account: said(&self.bank_account),
        };
        Details { party, language: self.language.as_ref().map_or_else(Default::default, |it| it.0.0) }
    }
}

/// A line of what may be invoiced.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InvoiceLineView {
    pub product: String,
    /// The day since which its tax holds; empty where that never changed.
    pub since: String,
    pub net: wire::MoneyShown,
    pub tax: wire::MoneyShown,
    pub gross: wire::MoneyShown,
}

impl From<&Line> for InvoiceLineView {
    fn from(it: &Line) -> InvoiceLineView {
        InvoiceLineView {
            product: it.title.product.clone(),
            since: it.title.since.clone(),
            net: wire::money(it.net),
            tax: wire::money(it.tax),
            gross: wire::money(it.gross),
        }
    }
}

/// What a tax comes to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TaxSumView {
    /// What it is called, in English.
    pub name: String,
    /// `standard`, `zero`, `exempt`, `reverse_charge` or `outside`.
    pub category: String,
    /// Such as `6`.
    pub percent: String,
    /// `inside` of the prices, or `on_top` of them.
    pub mode: String,
    pub net: wire::MoneyShown,
    pub tax: wire::MoneyShown,
    pub gross: wire::MoneyShown,
}

impl From<&TaxSum> for TaxSumView {
    fn from(it: &TaxSum) -> TaxSumView {
        TaxSumView {
            name: it.tax.name.en.clone(),
            category: it.tax.category.as_str().to_string(),
            percent: it.tax.percent(),
            mode: it.tax.mode.as_str().to_string(),
            net: wire::money(it.net),
            tax: wire::money(it.amount),
            gross: wire::money(it.gross),
        }
    }
}

/// What may be invoiced now.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "total": "357.96", "currency": "CNY", "missing": null,
    "lines": [{"product": "server", "since": "2026-01-01", "net": "337.70", "tax": "20.26", "gross": "357.96"}],
    "taxes": [{"name": "VAT", "category": "standard", "percent": "6", "mode": "inside", "net": "337.70", "tax": "20.26",
        "gross": "357.96"}]
}))]
pub struct ToInvoiceView {
    /// Cash that was consumed, less what came back and what was invoiced.
    pub total: wire::MoneyShown,
    pub currency: String,
    /// Why there would be no invoice just now.
    pub missing: Option<String>,
    pub lines: Vec<InvoiceLineView>,
    pub taxes: Vec<TaxSumView>,
}

impl From<ToInvoice> for ToInvoiceView {
    fn from(it: ToInvoice) -> ToInvoiceView {
        let (taxed, missing) = match it.taxed {
            Ok(taxed) => (Some(taxed), None),
            Err(missing) => (None, Some(missing.to_string())),
        };
        let lines =
            taxed.as_ref().map_or_else(Vec::new, |it: &Taxed| it.lines.iter().map(Into::into).collect());
        ToInvoiceView {
            total: wire::money(it.total),
            currency: it.total.currency().as_str().to_string(),
            missing,
            lines,
            taxes: taxed.map_or_else(Vec::new, |it| it.taxes.iter().map(Into::into).collect()),
        }
    }
}

/// The file of the sellers that holds.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "text": SELLERS,
    "applied": "2026-06-01T00:00:00Z", "by": "key_019eb7696c008cf183c2a061049531a6"
}))]
pub struct SellersView {
    /// The SHA-256 of its text.
    pub id: String,
    /// As it was written: docs/documents.md.
    pub text: String,
    pub applied: Moment,
    /// As the audit log names who applied it.
    pub by: String,
}

impl From<AppliedSellers> for SellersView {
    fn from(it: AppliedSellers) -> SellersView {
        SellersView { id: it.id, text: it.body, applied: wire::time(it.applied), by: it.by }
    }
}
