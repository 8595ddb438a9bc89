//! What stands on a document of each kind.
//!
//! In:  a document, a language. Out: a sheet.
//! Invariant: every figure is one of the document; the order is title, parties, what it comes to, what that is made of.

use crate::fonts::Faces;
use crate::said::{self, Costs};
use crate::sheet::{Ink, LEFT, Place, RIGHT, Role, Sheet, Style, Weight};
use crate::table::{Cell, Column, table};
use billing::document::invoiced::Taxed;
use billing::document::party::Party;
use billing::document::statement::{Statement, StatementLine};
use billing::document::tax::{Category, Mode, Tax};
use billing::document::{Content, CreditNote, Document, Invoice, Receipt};
use billing::language::Language;
use billing::when;
use texts::Texts;
use units::Money;

use crate::sheet::Align::{Left, Right};

const TITLE: Style = Style::new(20.0, Weight::Bold, Ink::Text);
const SUB: Style = Style::new(10.5, Weight::Regular, Ink::Second);
const LABEL: Style = Style::new(7.5, Weight::Regular, Ink::Quiet);
const TEXT: Style = Style::new(9.0, Weight::Regular, Ink::Text);
const STRONG: Style = Style::new(9.0, Weight::Bold, Ink::Text);
const NOTE: Style = Style::new(8.0, Weight::Regular, Ink::Second);
const BIG: Style = Style::new(22.0, Weight::Bold, Ink::Accent);

/// What stands on a document, and in which words.
struct Draft<'a> {
    texts: &'static Texts,
    language: Language,
    sheet: Sheet<'a>,
}

/// A document as a sheet.
pub(crate) fn sheet<'a>(document: &Document, language: Language, faces: Faces<'a>) -> Sheet<'a> {
    let texts = texts::of(language);
    let mut draft = Draft { texts, language, sheet: Sheet::new(faces) };
    match &document.content {
        Content::Statement(it) => draft.statement(document, it),
        Content::Receipt(it) => draft.receipt(document, it),
        Content::Invoice(it) => draft.invoice(document, it),
        Content::CreditNote(it) => draft.credit_note(document, it),
    }
    let foot = format!("{} · {}", document.seller.name, document.number);
    let page = |page: usize, pages: usize| texts.paper_page(page.to_string(), pages.to_string());
    draft.sheet.feet(&foot, page);
    draft.sheet
}

impl Draft<'_> {
    fn day(&self, day: &str) -> String {
        when::day(day, self.language)
    }

    fn unit(&self, money: Money) -> &'static str {
        when::unit(money.currency(), self.language)
    }

    /// Title, number and date, then who sells and who buys.
    fn head(&mut self, document: &Document, title: String, facts: &[(String, String)]) {
        let texts = self.texts;
        let half = (RIGHT - LEFT) / 2.0;
        let top = self.sheet.y;
        let mut left = self.sheet.text(&title, Place::new(LEFT, top, half + 40.0), TITLE, Role::Title);
        left += self.sheet.text(&document.number, Place::new(LEFT, top + left, half), SUB, Role::Paragraph);
        let own = [
            (texts.paper_date(), self.day(&document.day)),
            (texts.paper_account(), document.account_name.clone()),
        ];
        let mut y = top + 6.0;
        for (label, text) in own.iter().chain(facts) {
            y += self.fact(label, text, Place::new(LEFT + half + 50.0, y, half - 50.0));
        }
        self.sheet.title = title;
        self.sheet.y = (top + left).max(y) + 12.0;
        self.sheet.rule(self.sheet.y, 0.8, Ink::Rule);
        self.sheet.y += 12.0;
        let top = self.sheet.y;
        let sold = self.party(&texts.paper_seller(), &document.seller, Place::new(LEFT, top, half - 16.0));
        let bought = self.party(&texts.paper_buyer(), &document.buyer, Place::new(LEFT + half, top, half));
        self.sheet.y = top + sold.max(bought) + 14.0;
    }

    /// A label and what it says, side by side. Gives how high it is.
    fn fact(&mut self, label: &str, text: &str, place: Place) -> f32 {
        let Place { x, y, width } = place;
        let (first, rest) = (width * 0.34, width * 0.66);
        // The label stands on the line of what it says.
        let lower = (TEXT.leading() - LABEL.leading()) * 0.65;
        let one = self.sheet.text(label, Place::new(x, y + lower, first - 6.0), LABEL, Role::Paragraph);
        let other = self.sheet.text(text, Place::new(x + first, y, rest), TEXT.right(), Role::Paragraph);
        one.max(other) + 1.0
    }

    fn party(&mut self, label: &str, it: &Party, place: Place) -> f32 {
        let Place { x, y, width } = place;
        let texts = self.texts;
        let mut high = self.sheet.text(label, Place::new(x, y, width), LABEL, Role::Heading) + 1.0;
        high += self.sheet.text(&it.name, Place::new(x, y + high, width), STRONG, Role::Paragraph);
        for line in said::address(it) {
            high += self.sheet.text(&line, Place::new(x, y + high, width), TEXT, Role::Paragraph);
        }
        let more = [
            (texts.paper_tax_number(), &it.tax_number),
            (texts.paper_phone(), &it.phone),
            (texts.paper_mail(), &it.mail),
            (texts.paper_bank(), &it.bank),
            (texts.paper_bank_account(), &it.bank_account),
        ];
        for (label, text) in more.iter().filter(|it| !it.1.is_empty()) {
            let line = format!("{label} {text}");
            high += self.sheet.text(&line, Place::new(x, y + high, width), NOTE, Role::Paragraph);
        }
        high
    }

    /// What it comes to, on a tint, with what that is made of beside it.
    fn slip(&mut self, label: &str, sum: Money, facts: &[(String, Money)]) {
        let facts: Vec<_> = facts.iter().filter(|it| !it.1.is_zero()).collect();
        let inner = 14.0;
        let lines = facts.len() as f32 * (TEXT.leading() + 1.0);
        let height = (LABEL.leading() + BIG.leading()).max(lines) + 2.0 * inner;
        if !self.sheet.has_room(height) {
            self.sheet.next_page();
        }
        let top = self.sheet.y;
        self.sheet.tint(top, height, Ink::Slip);
        let half = (RIGHT - LEFT) / 2.0;
        let big = when::money(sum, self.language);
        let mut y = top + (height - LABEL.leading() - BIG.leading()) / 2.0;
        y += self.sheet.text(label, Place::new(LEFT + inner, y, half - inner), LABEL, Role::Paragraph);
        self.sheet.text(&big, Place::new(LEFT + inner, y, half + 40.0 - inner), BIG, Role::Paragraph);
        let mut y = top + (height - lines) / 2.0;
        for (label, money) in facts {
            let text = when::money(*money, self.language);
            y += self.fact(label, &text, Place::new(LEFT + half + 50.0, y, half - 50.0 - inner));
        }
        self.sheet.y = top + height + 18.0;
    }

    fn column(&self, head: String, part: f32) -> Column {
        Column { head, part, align: Right }
    }

    fn statement(&mut self, document: &Document, it: &Statement) {
        let texts = self.texts;
        let mut facts = vec![(texts.paper_month(), self.day(&it.month))];
        facts.extend(it.replaces.iter().map(|it| (texts.paper_replaces(), it.clone())));
        self.head(document, texts.paper_statement(), &facts);
        let vouchers =
            Some(it.vouchers()).filter(|it| !it.is_zero()).map(|it| (texts.paper_from_vouchers(), it));
        let paid = [
            (texts.paper_from_cash(), it.cash),
            (texts.paper_from_bonus(), it.bonus),
            (texts.paper_from_income(), it.income),
            (texts.paper_became_debt(), it.owed),
        ];
        let paid: Vec<_> = vouchers.into_iter().chain(paid).collect();
        self.slip(&texts.paper_deducted(), it.total, &paid);
        let unit = self.unit(it.total);
        let columns = [
            Column { head: texts.paper_product(), part: 0.38, align: Left },
            Column { head: texts.paper_charged(), part: 0.16, align: Left },
            self.column(texts.paper_bills(), 0.1),
            self.column(texts.paper_cost_in(unit), 0.2),
            self.column(texts.paper_deducted_in(unit), 0.16),
        ];
        let costs = Costs::of(it.lines.iter().map(|it| it.sum.amount_e8), it.total.currency());
        let rows: Vec<Vec<Cell>> = it.lines.iter().map(|it| self.statement_row(it, &costs)).collect();
        let sum = vec![
            Cell::of(texts.paper_sum()),
            Cell::default(),
            Cell::of(when::decimal(&it.bills.to_string())),
            Cell::of(costs.cost(it.amount_e8)),
            Cell::of(said::money(it.total)),
        ];
        table(&mut self.sheet, &columns, &rows, &[sum]);
        self.sheet.y += 10.0;
        self.sheet.paragraph(&texts.paper_zone(document.zone.as_str()), NOTE, Role::Paragraph);
    }

    fn statement_row(&self, it: &StatementLine, costs: &Costs) -> Vec<Cell> {
        let product = it.product_name.get(self.language).to_string();
        let first = match it.name.is_empty() {
            true => Cell::of(product),
            false => Cell { text: it.name.clone(), below: product },
        };
        vec![
            first,
            Cell::of(it.kind.map_or_else(String::new, |it| it.text().get(self.language).to_string())),
            Cell::of(when::decimal(&it.sum.bills.to_string())),
            Cell::of(costs.cost(it.sum.amount_e8)),
            Cell::of(said::money(it.sum.total)),
        ]
    }

    fn receipt(&mut self, document: &Document, it: &Receipt) {
        let texts = self.texts;
        let facts =
            [(texts.paper_received_on(), self.day(&it.day)), (texts.paper_reference(), it.reference.clone())];
        self.head(document, texts.paper_receipt(), &facts);
        self.slip(&texts.paper_received(), it.money, &[]);
    }

    fn invoice(&mut self, document: &Document, it: &Invoice) {
        let texts = self.texts;
        let days = match it.first_day == it.last_day {
            true => self.day(&it.first_day),
            false => texts.paper_days(self.day(&it.first_day), self.day(&it.last_day)),
        };
        self.head(document, texts.paper_invoice(), &[(texts.paper_period(), days)]);
        let facts = [
            (texts.paper_net(), it.taxed.net),
            (texts.paper_tax(), it.taxed.tax),
            (texts.paper_paid_cash(), it.taxed.paid),
            (texts.paper_due(), it.taxed.due),
        ];
        self.slip(&texts.paper_total(), it.taxed.gross, &facts);
        self.taxed(&it.taxed);
        self.sheet.paragraph(&texts.paper_cash_only(), NOTE, Role::Paragraph);
    }

    fn credit_note(&mut self, document: &Document, it: &CreditNote) {
        let texts = self.texts;
        let of = [
            (texts.paper_original(), it.original_number.clone()),
            (texts.paper_original_day(), self.day(&it.original_day)),
        ];
        self.head(document, texts.paper_credit_note(), &of);
        let facts = [(texts.paper_net(), it.taxed.net), (texts.paper_tax(), it.taxed.tax)];
        self.slip(&texts.paper_credited(), it.taxed.gross, &facts);
        self.taxed(&it.taxed);
        self.sheet.paragraph(&texts.paper_reason(it.reason.as_str()), TEXT, Role::Paragraph);
    }

    /// Lines, then what each tax comes to, then what is to be said of them.
    fn taxed(&mut self, it: &Taxed) {
        let (texts, unit) = (self.texts, self.unit(it.gross));
        let columns = [
            Column { head: texts.paper_what(), part: 0.4, align: Left },
            self.column(texts.paper_rate(), 0.12),
            self.column(texts.paper_net_in(unit), 0.16),
            self.column(texts.paper_tax_in(unit), 0.14),
            self.column(texts.paper_gross_in(unit), 0.18),
        ];
        let percent = |tax: &Tax| match tax.category {
            Category::Outside => "–".to_string(),
            Category::Standard | Category::Zero | Category::Exempt | Category::ReverseCharge => {
                format!("{}%", tax.percent())
            }
        };
        let row = |name: String, rate: String, sums: [Money; 3]| {
            let sums = sums.map(|it| Cell::of(said::money(it)));
            [Cell::of(name), Cell::of(rate)].into_iter().chain(sums).collect::<Vec<Cell>>()
        };
        let lines = it.lines.iter().filter(|it| !it.gross.is_zero());
        let rows: Vec<Vec<Cell>> = lines
            .map(|line| {
                let name = line.name.get(self.language).to_string();
                row(name, percent(it.tax_of(line)), [line.net, line.tax, line.gross])
            })
            .collect();
        let mut sums: Vec<Vec<Cell>> = Vec::new();
        for tax in it.taxes.iter().filter(|_| it.taxes.len() > 1) {
            let name = tax.tax.name.get(self.language).to_string();
            sums.push(row(name, percent(&tax.tax), [tax.net, tax.amount, tax.gross]));
        }
        sums.push(row(texts.paper_sum(), String::new(), [it.net, it.tax, it.gross]));
        table(&mut self.sheet, &columns, &rows, &sums);
        self.sheet.y += 12.0;
        for tax in &it.taxes {
            let (name, percent) = (tax.tax.name.get(self.language), tax.tax.percent());
            let said = match (&tax.tax.reason, tax.tax.mode) {
                (Some(reason), _) => reason.get(self.language).to_string(),
                (None, Mode::Inside) => texts.paper_inside(name, percent.as_str()),
                (None, Mode::OnTop) => texts.paper_on_top(name, percent.as_str()),
            };
            self.sheet.paragraph(&said, NOTE, Role::Paragraph);
        }
    }
}
