//! "Why was I charged": one stored line, recomputed and said in sentences, down to the events.

mod cause;
mod events;
mod slots;

use super::{Desk, Refusal};
use billing::bill::{Bill, Kind, Line, Sum};
use billing::book::{Book, Component};
use billing::commitment;
use billing::explain::{Language, Reason};
use billing::period::Period;
use billing::price::PriceItem;
use billing::readable;
use billing::refund::lines::{PAID, PASSED, STAYS};
use billing::text::Text;
use billing::when;
use store::{StoreError, Tx, accounts, bills};
use units::{AccountId, Amount, BillId, Money, Timestamp, Unit};

/// The price item that a line names, and its component. Errors: `NotFound` when its book or price is gone.
pub fn item<'a>(
    desk: &'a Desk,
    bill: &Bill<'_>,
    line: &Line<'_>,
) -> Result<(&'a Component, &'a PriceItem), Refusal> {
    let gone = || StoreError::NotFound(format!("price `{}` in book {}", line.price, line.book));
    let found = desk.books.get(line.book).and_then(|it| in_book(it, bill, line));
    Ok(found.ok_or_else(gone)?)
}

fn in_book<'a>(book: &'a Book, bill: &Bill<'_>, line: &Line<'_>) -> Option<(&'a Component, &'a PriceItem)> {
    let own = book.product(&bill.product)?.components.iter().filter(|it| it.id == line.component);
    let mut rows = own.flat_map(|component| component.prices.iter().map(move |it| (component, &it.item)));
    rows.find(|it| it.1.key == line.price)
}

/// The arithmetic by the price that everybody sees, where a contract set some steps of the price and the line has none of these.
/// Source: R-PRC-22.
fn by_list(desk: &Desk, bill: &Bill<'_>, line: &Line<'_>, own: &PriceItem) -> Option<Vec<Reason>> {
    let is_mixed = own.contract.is_some() && own.pricing.has_steps() && line.billed_e8.is_none();
    let book = desk.books.listed(line.book).filter(|_| is_mixed)?;
    let (component, listed) = in_book(book, bill, line)?;
    billing::explain::line(line, component, listed, bill.currency()).ok()
}

/// Which line is asked about: of whose bill, and its number from 0; in which language, and how much of what was reported.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    pub account: AccountId,
    pub bill: BillId,
    pub number: usize,
    pub language: Language,
    pub detail: Detail,
    pub figures: Figures,
    pub told_to: ToldTo,
}

/// To whom an explanation is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ToldTo {
    /// Who of the operator did something is named.
    #[default]
    Operator,
    /// They are the operator, whoever it was.
    Customer,
}

/// How an explanation says figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Figures {
    /// To the last digit, in base units, with the ids and currencies that programs know.
    #[default]
    Exact,
    /// In the units that people speak of, without zeros that say nothing.
    Readable,
}

/// How much of what was reported an explanation lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// Many readings are summed up.
    #[default]
    Summary,
    /// Each reading, however many there are.
    Whole,
}

impl Detail {
    pub const ALL: [Detail; 2] = [Detail::Summary, Detail::Whole];

    pub const fn as_str(self) -> &'static str {
        match self {
            Detail::Summary => "summary",
            Detail::Whole => "whole",
        }
    }
}

impl Question {
    /// The usual one: in English, summed up, exact, as operators read it.
    pub fn of(account: AccountId, bill: BillId, number: usize) -> Question {
        let (language, detail, figures, told_to) = Default::default();
        Question { account, bill, number, language, detail, figures, told_to }
    }
}

/// Why a line is what it is.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// What the bill is for and what happened, in sentences.
    pub facts: Vec<String>,
    /// The arithmetic, step by step.
    pub steps: Vec<Reason>,
    /// What the bill comes to and who paid it.
    pub sum: Vec<String>,
    pub language: Language,
}

impl Explanation {
    /// All of it in sentences, in its language.
    pub fn sentences(&self) -> Vec<String> {
        let steps = self.steps.iter().map(|it| it.sentence(self.language));
        self.facts.iter().cloned().chain(steps).chain(self.sum.iter().cloned()).collect()
    }
}

/// One bill and how it is spoken of. Every time of an explanation is of the settlement zone, which is said once.
struct Teller<'a> {
    desk: &'a Desk,
    bill: &'a Bill<'a>,
    question: Question,
}

/// Explains a line, and before it what its bill is for. Errors: `NotFound`.
pub fn line(tx: &mut Tx<'_>, desk: &Desk, question: Question) -> Result<Explanation, Refusal> {
    let Question { account, bill: id, number, language, .. } = question;
    let bill = &bills::get(tx, account, id)?.bill;
    let customer = accounts::get(tx, account)?;
    let teller = Teller { desk, bill, question };
    let period = super::lists::bills::period(tx, bill)?;
    let mut facts = vec![teller.head(&customer.name, period)];
    facts.extend(teller.cause(tx)?);
    if bill.kind == Kind::Correction {
        return Ok(Explanation { facts, steps: Vec::new(), sum: vec![teller.paid()], language });
    }
    if bill.lines.is_empty() {
        let sum = super::lists::bills::post_paid(tx, bill)?;
        return Ok(Explanation { facts, steps: Vec::new(), sum: teller.adjustment(&sum), language });
    }
    let missing = || StoreError::NotFound(format!("line {number} of {id}"));
    let line = bill.lines.get(number).ok_or_else(missing)?;
    if line.is_carried() {
        facts.push(teller.carried(line));
        return Ok(Explanation { facts, steps: Vec::new(), sum: vec![teller.total()], language });
    }
    if line.is_kept() {
        facts.push(teller.kept(line));
        return Ok(Explanation { facts, steps: Vec::new(), sum: vec![teller.total()], language });
    }
    if bill.kind == Kind::Commitment {
        facts.push(teller.committed(line));
        return Ok(Explanation { facts, steps: Vec::new(), sum: vec![teller.total()], language });
    }
    if line.is_sum() {
        facts.push(teller.given_back(line));
        return Ok(Explanation { facts, steps: Vec::new(), sum: vec![teller.total()], language });
    }
    if bill.kind != Kind::Refund {
        facts.extend(teller.events(tx, line)?);
    }
    let (component, item) = item(desk, bill, line)?;
    // A difference is of the whole cycle, of which packs took what they gave when it closed.
    if line.covered > 0 || (line.billed_e8.is_some() && bill.resource.is_none()) {
        facts.extend(teller.packs(tx, line, component)?);
    }
    let mut steps = match by_list(desk, bill, line, item) {
        Some(steps) => steps,
        None => billing::explain::line(line, component, item, bill.currency())?,
    };
    teller.say_slots(tx, line, component, &mut steps)?;
    Ok(Explanation { facts, steps, sum: vec![teller.total()], language })
}

impl Teller<'_> {
    fn say(&self, english: String, chinese: String) -> String {
        match self.question.language {
            Language::English => english,
            Language::Chinese => chinese,
        }
    }

    /// A quantity in its unit.
    fn quantity(&self, value: u128, unit: Unit) -> String {
        let language = self.question.language;
        match self.question.figures {
            Figures::Exact => format!("{value} {}", billing::language::unit(unit, language)),
            Figures::Readable => readable::quantity(value, unit, language),
        }
    }

    /// A sum of lines.
    fn amount(&self, it: Amount) -> String {
        match self.question.figures {
            Figures::Exact => it.to_string(),
            Figures::Readable => readable::amount(it),
        }
    }

    /// A sum that was deducted.
    fn money(&self, it: Money) -> String {
        match self.question.figures {
            Figures::Exact => it.to_string(),
            Figures::Readable => when::decimal(&it.to_string()),
        }
    }

    /// What its currency is called.
    fn currency(&self) -> &'static str {
        let currency = self.bill.currency();
        match self.question.figures {
            Figures::Exact => currency.as_str(),
            Figures::Readable => when::unit(currency, self.question.language),
        }
    }

    /// From what the bill was paid or to what it went back, behind a word that says so; what nothing moved of is not named.
    fn purses(&self, before: &str) -> Option<String> {
        let (vouchers, paid) = (self.bill.vouchers(), self.bill.paid);
        let [bonus, cash, income] = paid.purses().kinds();
        let all = [
            (vouchers, "vouchers", "代金券"),
            (bonus, "bonus", "赠送金"),
            (cash, "cash", "现金"),
            (income, "income", "收入"),
        ];
        let said = |(sum, english, chinese): (Money, &str, &str)| {
            let sum = self.money(self.moved(sum));
            self.say(format!("{english} {sum}"), format!("{chinese} {sum}"))
        };
        let comma = self.say(", ".into(), "，".into());
        let used: Vec<String> = all.into_iter().filter(|it| !it.0.is_zero()).map(said).collect();
        let paid_from = (!used.is_empty()).then(|| format!("{before}{}", used.join(&comma)));
        let owed = Some(paid.owed()).filter(|it| !it.is_zero()).map(|it| said((it, "owed", "欠款")));
        let all: Vec<String> = paid_from.into_iter().chain(owed).collect();
        (!all.is_empty()).then(|| all.join(&comma))
    }

    /// A sum of the bill as it moved: of what went back above zero as well.
    fn moved(&self, it: Money) -> Money {
        if self.bill.total.is_negative() { it.checked_neg().unwrap_or(it) } else { it }
    }

    fn print(&self, at: Timestamp) -> String {
        self.desk.calendar.print(at)
    }

    /// What the bill is for, and for which time.
    fn head(&self, customer: &str, period: Option<Period>) -> String {
        let (bill, zone) = (self.bill, self.desk.calendar.zone());
        let (id, kind, product) = (bill.id, bill.kind.text(), self.product());
        let spec = if bill.spec.is_empty() { String::new() } else { format!(" {}", bill.spec) };
        let (total, currency) = (self.money(bill.total), self.currency());
        let place = self.region();
        let (place_en, place_zh) = match place.en.as_str() {
            "" => (String::new(), String::new()),
            _ => (format!(" in {}", place.en), format!("（{}）", place.zh)),
        };
        let (period_en, period_zh) = match period.map(|it| it.map(|it| self.print(it))) {
            None => (format!("at {}", self.print(bill.posted)), self.print(bill.posted)),
            Some([from, to]) => (format!("for {from} to {to}"), format!("{from} 至 {to}")),
        };
        let id = match self.question.figures {
            Figures::Exact => format!(" {id}"),
            Figures::Readable => String::new(),
        };
        self.say(
            format!(
                "Bill{id} of {customer}: {}{spec}{place_en}, {}, {period_en} (times here are {zone}), {total} {currency}.",
                product.en, kind.en
            ),
            format!(
                "{customer} 的账单{id}：{}{spec}{place_zh}，{}，{period_zh}（时间均为 {zone}），{total} {currency}。",
                product.zh, kind.zh
            ),
        )
    }

    /// What its product is called in the book that priced it, or else in the one that held when it was posted; its id where
    /// neither knows it.
    fn product(&self) -> Text {
        let own = self.book().and_then(|it| it.product(&self.bill.product));
        own.map_or_else(|| commitment::called(&self.bill.product), |it| it.look.label.or(&it.name))
    }

    fn region(&self) -> Text {
        let id = self.bill.region.as_ref();
        let own = self.book().and_then(|it| it.regions.iter().find(|it| it.id == id));
        own.map_or_else(|| Text::same(id), |it| it.look.label.or(&it.name))
    }

    fn book(&self) -> Option<&Book> {
        let own = self.bill.lines.first().and_then(|it| self.desk.books.get(it.book));
        own.or_else(|| self.desk.books.of(self.bill.currency()).at(self.bill.posted)).map(AsRef::as_ref)
    }

    /// What a bill takes over from earlier ones of its product. Source: R-MON-9.
    fn carried(&self, line: &Line<'_>) -> String {
        let (currency, product) = (self.currency(), self.product());
        let amount = self.amount(Amount::from_e8(line.cost_e8.into(), self.bill.currency()));
        self.say(
            format!(
                "Rounding left {amount} {currency} of earlier bills of {}; this one takes it.",
                product.en
            ),
            format!("{}之前账单舍入剩余 {amount} {currency}，计入本账单。", product.zh),
        )
    }

    /// What a credit leaves out since vouchers had paid it, and what is not charged since they had. Source: R-SET-5, section 20.
    fn kept(&self, line: &Line<'_>) -> String {
        let currency = self.currency();
        let amount = self.amount(Amount::from_e8(line.cost_e8.unsigned_abs().into(), self.bill.currency()));
        if line.cost_e8 > 0 {
            return self.say(
                format!("A credit is at most what money had paid: {amount} {currency} paid by vouchers are not given back."),
                format!("退还金额不超过资金支付的部分：代金券支付的 {amount} {currency} 不予退还。"),
            );
        }
        self.say(
            format!("Vouchers had paid {amount} {currency} that were not given back: they pay for this now."),
            format!("此前未退还的代金券支付金额 {amount} {currency}，现抵扣本次费用。"),
        )
    }

    /// What was agreed to be spent in a month, what was, and what is missing. Source: R-PRC-26.
    fn committed(&self, line: &Line<'_>) -> String {
        let amount = |e8: i64| self.amount(Amount::from_e8(e8.into(), self.bill.currency()));
        let (agreed, spent, missing) =
            (amount(line.list_e8), amount(line.billed_e8.unwrap_or(0)), amount(line.cost_e8));
        let currency = self.currency();
        self.say(
            format!(
                "{agreed} {currency} were agreed to be spent in this month. {spent} {currency} were billed in it, after discounts and \
                 less refunds and credits, whoever paid them: {missing} {currency} are missing."
            ),
            format!(
                "约定当月消费 {agreed} {currency}。当月出账 {spent} {currency}（折后，已扣除退款和退还，含代金券支付部分），差额 {missing} {currency}。"
            ),
        )
    }

    /// What a refund gives back of an order, or leaves out so that it is not below zero. Source: R-REF-2.
    fn given_back(&self, line: &Line<'_>) -> String {
        let currency = self.bill.currency();
        let print =
            |second| units::calendar::second_at(second).map_or_else(|_| String::new(), |it| self.print(it));
        let (from, to) = (print(line.from), print(line.to));
        if line.component == PAID {
            let amount = Amount::from_e8(-i128::from(line.cost_e8), currency).short();
            if line.from >= line.to {
                // A pack is paid for at once.
                return self.say(
                    format!("{amount} {currency} was paid; it is given back."),
                    format!("已支付 {amount} {currency}，予以退还。"),
                );
            }
            let (stays_en, stays_zh) = self.stays();
            return self.say(
                format!(
                    "{amount} {currency} was paid for {from} to {to}; it is given back, less what was used{stays_en}."
                ),
                format!("{from} 至 {to} 已支付 {amount} {currency}，扣除已使用部分{stays_zh}后退还。"),
            );
        }
        if line.component == PASSED {
            let amount = Amount::from_e8(line.cost_e8.into(), currency).short();
            return self.say(
                format!("{amount} {currency} of that is for the days of {from} to {to} that have passed."),
                format!("其中 {amount} {currency} 对应 {from} 至 {to} 中已过去的天数。"),
            );
        }
        if line.component == STAYS {
            let amount = Amount::from_e8(line.cost_e8.into(), currency).short();
            return self.say(
                format!(
                    "{amount} {currency} of that was paid for what stays as it is; it is not given back."
                ),
                format!("其中 {amount} {currency} 为保留部分的已付金额，不退还。"),
            );
        }
        let amount = Amount::from_e8(-i128::from(line.cost_e8), currency).short();
        self.say(
            format!("What was used is worth {amount} {currency} more than was paid for {from} to {to}; that is not claimed."),
            format!("{from} 至 {to} 的使用价值超出已支付金额 {amount} {currency}，超出部分不收取。"),
        )
    }

    /// What of all that was paid counts for what stays, where a part alone is given back; empty where it is all. Source: R-NET-4.
    fn stays(&self) -> (String, String) {
        let Some(line) = self.bill.lines.iter().find(|it| it.component == STAYS) else {
            return Default::default();
        };
        let currency = self.bill.currency();
        let amount = Amount::from_e8(line.cost_e8.into(), currency).short();
        (
            format!(" and, of all that was paid, {amount} {currency} for what stays as it is"),
            format!("及全部已付金额中保留部分的 {amount} {currency}"),
        )
    }

    /// The packs that covered a part of the line, as far as the month's close wrote down what it took of each.
    fn packs(
        &self,
        tx: &mut Tx<'_>,
        line: &Line<'_>,
        component: &Component,
    ) -> Result<Option<String>, Refusal> {
        let Some(family) = &component.pack else { return Ok(None) };
        let from = self.bill.original.map_or(self.bill.from, |it| it.0);
        let mut taken = store::packs::taken(tx, self.bill.account, from, family)?;
        taken.retain(|it| it.spec.as_ref().is_none_or(|it| *it == self.bill.spec));
        let each = |from: &str| -> String {
            let units = |units: u64| self.quantity(units.into(), line.measured.unit);
            let each = taken.iter().map(|it| format!("{} {from} {} ({})", units(it.units), it.name, it.id));
            each.collect::<Vec<_>>().join(", ")
        };
        let said = || {
            self.say(
                format!("Packs gave that month: {}.", each("from")),
                format!("资源包当月抵扣：{}。", each("来自")),
            )
        };
        Ok((!taken.is_empty()).then(said))
    }

    fn total(&self) -> String {
        let bill = self.bill;
        let amount = |e8: i64| self.amount(Amount::from_e8(e8.into(), bill.currency()));
        let (sum, total) = (amount(bill.amount_e8), self.money(bill.total));
        let before = match bill.total.is_negative() {
            true => self.say("given back: ".into(), "退还：".into()),
            false => self.say("paid from ".into(), "支付：".into()),
        };
        let paid = self.purses(&before);
        let (paid_en, paid_zh) = paid.map_or_else(
            || ("; nothing had to be paid".to_string(), "；无需支付".to_string()),
            |it| (format!("; {it}"), format!("；{it}")),
        );
        if let [_] = bill.lines.as_slice() {
            return self.say(
                format!("The bill adds 1 line, {sum}, and is rounded once to {total}{paid_en}."),
                format!("账单共 1 条明细，{sum}，一次性舍入为 {total}{paid_zh}。"),
            );
        }
        let lines = bill.lines.iter().map(|it| amount(it.cost_e8)).collect::<Vec<_>>().join(" + ");
        let lines = lines.replace("+ -", "- ");
        let count = bill.lines.len();
        self.say(
            format!("The bill adds {count} lines, {lines} = {sum}, and is rounded once to {total}{paid_en}."),
            format!("账单共 {count} 条明细，{lines} = {sum}，一次性舍入为 {total}{paid_zh}。"),
        )
    }

    /// A precision credit or waiver has no line: it is a difference of the month.
    fn adjustment(&self, post_paid: &Sum) -> Vec<String> {
        let (product, total, bill) = (self.product(), self.money(post_paid.total), self.bill);
        let exact = self.amount(Amount::from_e8(post_paid.amount_e8, bill.currency()));
        let difference = self.amount(Amount::from_e8(bill.amount_e8.into(), bill.currency()));
        let month = self.say(
            format!(
                "The pay-as-you-go bills of {} in this month were deducted as {total}; their lines add up to {exact}.",
                product.en
            ),
            format!("本月{}的按量计费账单共扣款 {total}；各行合计 {exact}。", product.zh),
        );
        let settled = if bill.kind == Kind::PrecisionWaiver {
            self.say(
                format!("The difference of {difference} is waived: it is recorded, and nobody pays it."),
                format!("差额 {difference} 予以免除：仅作记录，无需支付。"),
            )
        } else {
            let (total, currency) = (self.money(bill.total), self.currency());
            self.say(
                format!("The difference of {difference} is rounded to {total} {currency} and given back."),
                format!("差额 {difference} 舍入为 {total} {currency}，已退还。"),
            )
        };
        vec![month, settled]
    }
}
