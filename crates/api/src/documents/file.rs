//! Documents as files: what the document of the API says of them.

use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};
use web::wire::MoneyShown;

/// A file of PDF/A-3.
pub(crate) struct PdfFile;

impl PartialSchema for PdfFile {
    fn schema() -> RefOr<Schema> {
        let file = ObjectBuilder::new().schema_type(Type::String);
        let file = file.format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)));
        file.description(Some("A file of PDF/A-3.")).examples([json!("%PDF-1.7")]).build().into()
    }
}

impl ToSchema for PdfFile {}

/// An invoice or a credit note in UBL 2.1 or CII.
pub(crate) struct XmlText;

impl PartialSchema for XmlText {
    fn schema() -> RefOr<Schema> {
        let text = "<Invoice xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:Invoice-2\">…</Invoice>";
        let said = "An invoice or a credit note in UBL 2.1 or CII.";
        let schema = ObjectBuilder::new().schema_type(Type::String).description(Some(said));
        schema.examples([json!(text)]).build().into()
    }
}

impl ToSchema for XmlText {}

/// What a Chinese tax system is given to issue a fapiao. The sums of a credit note are below zero.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "serial": "INV-2026-000001", "type": "blue", "original_serial": null, "date": "2026-06-18", "currency": "CNY",
    "seller": {"name": "示例云有限公司", "taxpayer_number": "91110000DEMO000001", "address": "CN 北京 示例街 1 号", "phone": "",
        "bank": "", "bank_account": ""},
    "buyer": {"name": "北京示例科技有限公司", "taxpayer_number": "91110000DEMO000002", "address": "CN 北京 示例街 8 号", "phone": "",
        "bank": "", "bank_account": ""},
    "items": [{"name": "云服务器", "quantity": "1", "amount": "337.70", "tax_rate_percent": "6", "tax": "20.26"}],
    "amount": "337.70", "tax": "20.26", "total": "357.96", "capitals": "叁佰伍拾柒元玖角陆分", "remark": ""
}))]
pub struct FapiaoView {
    /// The number of the document.
    pub serial: String,
    /// `blue`, or `red` of a credit note.
    #[serde(rename = "type")]
    pub kind: String,
    /// The number of the invoice that a credit note takes back.
    pub original_serial: Option<String>,
    /// The day of it, in the settlement zone.
    pub date: String,
    pub currency: String,
    pub seller: FapiaoParty,
    pub buyer: FapiaoParty,
    pub items: Vec<FapiaoItem>,
    /// Without tax.
    #[schema(value_type = MoneyShown)]
    pub amount: String,
    #[schema(value_type = MoneyShown)]
    pub tax: String,
    #[schema(value_type = MoneyShown)]
    pub total: String,
    /// The total in Chinese capitals.
    pub capitals: String,
    /// The reason of a credit note.
    pub remark: String,
}

/// Seller or buyer.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FapiaoParty {
    pub name: String,
    pub taxpayer_number: String,
    pub address: String,
    pub phone: String,
    pub bank: String,
    pub bank_account: String,
}

/// A line.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FapiaoItem {
    pub name: String,
    pub quantity: String,
    /// Without tax.
    #[schema(value_type = MoneyShown)]
    pub amount: String,
    pub tax_rate_percent: String,
    #[schema(value_type = MoneyShown)]
    pub tax: String,
}
