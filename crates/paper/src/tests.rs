//! Sums in words, sums as they are read, what XML cannot hold, what EN 16931 asks, and letters that a font has not.

use crate::en16931::{self, Number};
use crate::{FontError, Form, PaperError, capital, factur_x, said, xml};
use billing::document::error::DocumentError;
use billing::document::invoiced::{Item, Taxed};
use billing::document::party::Party;
use billing::document::spent::Title;
use billing::document::tax::{Category, Mode, Tax};
use billing::document::{Content, Document, Invoice};
use billing::language::Language;
use billing::text::Text;
use std::path::PathBuf;
use units::{AccountId, Calendar, Currency, DocumentId, Money};

fn tax(name: &str, category: Category, rate_ppm: u32, mode: Mode) -> Tax {
    let reason = (rate_ppm == 0).then(|| Text::same(&format!("why {name}")));
    Tax { name: Text::same(name), category, rate_ppm, mode, reason }
}

fn taxed(taxes: &[Tax]) -> Taxed {
    let item = |(tax, at): (&Tax, i64)| Item {
        title: Title { since: String::new(), product: format!("p{at}") },
        name: Text::same("Server"),
        tax: tax.clone(),
        money: Money::from_minor(10_000 * at, Currency::CNY),
    };
    let items: Vec<Item> = taxes.iter().zip(1..).map(item).collect();
    Taxed::of(&items, Currency::CNY).unwrap()
}

fn party(name: &str, country: &str, tax_number: &str) -> Party {
    let (city, street) = ("Berlin".into(), "Weg 1".into());
    let (name, country, tax_number) = (name.into(), country.into(), tax_number.into());
    Party { name, country, tax_number, city, street, ..Party::default() }
}

fn invoice(taxes: &[Tax]) -> Document {
    let issued = Calendar::settlement().parse("2026-06-18 12:00:00").unwrap();
    let day = || "2026-06-18".to_string();
    Document {
        id: DocumentId::named(issued, "one"),
        account: AccountId::named(issued, "shop"),
        account_name: "shop".into(),
        entity: "demo".into(),
        number: "INV-2026-000001".into(),
        issued,
        day: day(),
        zone: "UTC+08:00".into(),
        language: Language::English,
        seller: party("Demo GmbH", "DE", "DE123456788"),
        buyer: party("Beispiel GmbH", "DE", ""),
        content: Content::Invoice(Invoice { first_day: day(), last_day: day(), taxed: taxed(taxes) }),
    }
}

// Three rows of 19 %, inside and on top, under two names: 100.00 of 100.00, 200.00 and 300.00 are one sum. BR-S-08.
#[test]
fn taxes_of_one_category_and_rate_are_one_sum() {
    let (standard, zero) = (Category::Standard, Category::Zero);
    let taxed = taxed(&[
        tax("VAT", standard, 190_000, Mode::Inside),
        tax("USt", standard, 190_000, Mode::Inside),
        tax("USt", standard, 190_000, Mode::OnTop),
        tax("VAT", standard, 70_000, Mode::Inside),
        tax("none", zero, 0, Mode::Inside),
    ]);
    let shares = en16931::shares(&taxed, "ubl").unwrap();
    let said: Vec<_> =
        shares.iter().map(|it| (it.tax.percent(), it.net.minor(), it.amount.minor())).collect();
    // 100.00 / 1.19 = 84.03, 200.00 / 1.19 = 168.07, 300.00; 15.97 + 31.93 + 57.00; 400.00 / 1.07 = 373.83.
    let expected =
        [("19", 8_403 + 16_807 + 30_000, 1_597 + 3_193 + 5_700), ("7", 37_383, 2_617), ("0", 50_000, 0)];
    assert_eq!(said, expected.map(|it| (it.0.to_string(), it.1, it.2)));
    assert!(
        shares.iter().all(|it| en16931::reason(it).is_none()),
        "BR-S-10, BR-Z-10: no reason stands there"
    );
}

#[test]
fn reasons_of_one_category_are_said_together() {
    let outside = |name| tax(name, Category::Outside, 0, Mode::Inside);
    let taxed = taxed(&[outside("a"), outside("b"), Tax { mode: Mode::OnTop, ..outside("a") }]);
    let shares = en16931::shares(&taxed, "cii").unwrap();
    assert_eq!(shares.len(), 1);
    assert_eq!(en16931::reason(&shares[0]).as_deref(), Some("why a; why b"));
}

#[test]
fn what_is_partly_outside_has_no_form_of_the_standard() {
    let of = invoice(&[
        tax("VAT", Category::Standard, 190_000, Mode::Inside),
        tax("none", Category::Outside, 0, Mode::Inside),
    ]);
    assert_eq!(crate::data(&of, Form::Ubl), Err(DocumentError::Mixed { form: "ubl" }));
    assert_eq!(crate::data(&of, Form::Cii), Err(DocumentError::Mixed { form: "cii" }));
    assert!(crate::data(&of, Form::Fapiao).is_ok());
    assert!(crate::attachments(&of).unwrap().is_empty());
}

#[test]
fn a_number_with_its_country_is_one_of_vat_where_there_is_vat() {
    let standard = taxed(&[tax("VAT", Category::Standard, 190_000, Mode::Inside)]);
    let outside = taxed(&[tax("none", Category::Outside, 0, Mode::Inside)]);
    let number = |number, taxed| {
        let it = party("x", "DE", number);
        match en16931::number(&it, taxed) {
            Number::None => "none",
            Number::Vat(_) => "vat",
            Number::Other(_) => "other",
        }
    };
    assert_eq!(
        ["", "DE123", "91110000DEMO", "DE"].map(|it| number(it, &standard)),
        ["none", "vat", "other", "other"]
    );
    assert_eq!(["", "DE123"].map(|it| number(it, &outside)), ["none", "other"], "BR-O-02");
}

/// A font of this machine that has no Chinese.
fn latin() -> Vec<PathBuf> {
    let mut database = fontdb::Database::new();
    database.load_system_fonts();
    let families = ["DejaVu Sans", "Liberation Sans", "Noto Sans"].map(fontdb::Family::Name);
    let query = fontdb::Query { families: &families, ..fontdb::Query::default() };
    let found = database.query(&query).and_then(|it| database.face(it));
    match found.map(|it| it.source.clone()) {
        Some(fontdb::Source::File(path)) => vec![path],
        Some(fontdb::Source::Binary(_)) | None => panic!("install Debian's fonts-dejavu-core for this test"),
    }
}

#[test]
fn marks_are_put_into_a_whole_file_or_none() {
    let it = invoice(&[tax("VAT", Category::Standard, 190_000, Mode::Inside)]);
    let drawn =
        |attached: &[crate::Attached]| crate::pdf(&it, Language::English, &latin(), attached).unwrap();
    let (marked, plain) = (drawn(&crate::attachments(&it).unwrap()), drawn(&[]));
    let has = |pdf: &[u8], what: &[u8]| pdf.windows(what.len()).any(|it| it == what);
    let level = b"<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>";
    assert!(has(&marked, level) && !has(&plain, b"<fx:"));
    assert!(factur_x::mark(&plain).is_ok());
    for wrong in [&b""[..], b"%PDF-1.7\n", &plain[..plain.len() / 2], &plain[..plain.len() - 10]] {
        assert!(factur_x::mark(wrong).is_err(), "{} bytes", wrong.len());
    }
}

// Whatever stands on the sheet: a label, a name of a tax, a reason.
#[test]
fn a_letter_that_the_font_has_not_is_told() {
    let drawn =
        |it: &Document, language| crate::pdf(it, language, &latin(), &crate::attachments(it).unwrap());
    let lacks = |it: &Document, language| match drawn(it, language).unwrap_err() {
        PaperError::Font(FontError::Letter { letter, .. }) => letter,
        PaperError::Font(FontError::None | FontError::File(_)) | PaperError::Pdf(_) => {
            panic!("another error")
        }
    };
    let plain = invoice(&[tax("VAT", Category::Standard, 190_000, Mode::Inside)]);
    assert!(drawn(&plain, Language::English).unwrap().starts_with(b"%PDF"));
    assert!(!lacks(&plain, Language::Chinese).is_ascii(), "of a label");
    let named = invoice(&[tax("增", Category::Standard, 190_000, Mode::Inside)]);
    assert_eq!(lacks(&named, Language::English), '增');
    let reason = invoice(&[tax("境", Category::Exempt, 0, Mode::Inside)]);
    assert_eq!(lacks(&reason, Language::English), '境');
}

#[test]
fn sums_in_capital_numerals() {
    let cases = [
        (35_796, "叁佰伍拾柒元玖角陆分"),
        (0, "零元整"),
        (100, "壹元整"),
        (10, "壹角整"),
        (5, "伍分"),
        (1_005, "壹拾元零伍分"),
        (1_000_100, "壹万零壹元整"),
        (1_010_000, "壹万零壹佰元整"),
        (10_000_000, "壹拾万元整"),
        (12_034_050_600, "壹亿贰仟零叁拾肆万零伍佰零陆元整"),
        (10_000_000_001, "壹亿元零壹分"),
        (-2_050, "负贰拾元伍角整"),
    ];
    for (fen, words) in cases {
        assert_eq!(capital::yuan(fen), words, "{fen}");
    }
}

#[test]
fn sums_as_they_are_read() {
    assert_eq!(said::money(Money::from_minor(-860_000_005, Currency::CNY)), "\u{2212}8,600,000.05");
    assert_eq!(said::money(Money::from_minor(7, Currency::CNY)), "0.07");
    let costs = |all: &[i128], currency| {
        let costs = said::Costs::of(all.iter().copied(), currency);
        all.iter().map(|it| costs.cost(*it)).collect::<Vec<String>>()
    };
    assert_eq!(
        costs(&[12_171_622_222, 0, -100_000_000], Currency::CNY),
        ["121.71622222", "0.00000000", "\u{2212}1.00000000"]
    );
    assert_eq!(costs(&[3_326_400_000, 6_822_000_000], Currency::CNY), ["33.264", "68.220"]);
    assert_eq!(costs(&[100_000_000], Currency::CNY), ["1.00"]);
    assert_eq!(costs(&[100_000_000], Currency::parse("JPY").unwrap()), ["1"]);
}

#[test]
fn what_xml_cannot_hold_is_replaced() {
    let written = xml::document(&xml::text("name", "a\u{0}b\u{ffff}c\u{1f600}<&"));
    assert!(written.ends_with("<name>a\u{fffd}b\u{fffd}c\u{1f600}&lt;&amp;</name>"), "{written}");
}
