//! Why there is a bill at all, where use alone is not the reason: what came late, what people put right.
//!
//! In:  a bill. Out: sentences that name who corrected what, when and why.
//! Invariant: what is said stands in rows of its own; a bill made before a correction is not told by it.
//! Source: R-COR-1, R-SET-5.

use super::{Refusal, Teller, ToldTo};
use billing::bill::{Bill, Kind};
use billing::breakdown::rate;
use billing::quote::Offered;
use serde_json::Value;
use store::corrections::readings::{self, Closed};
use store::corrections::{self, Correction, prices};
use store::{Tx, bills};
use units::{CycleKind, Money, Timestamp};

impl Teller<'_> {
    /// What the bill settles: use that came late, or a correction.
    pub(super) fn cause(&self, tx: &mut Tx<'_>) -> Result<Vec<String>, Refusal> {
        let bill = self.bill;
        let Some(original) = bill.original else { return Ok(self.offered(tx)?.into_iter().collect()) };
        if bill.kind == Kind::Correction {
            let made = corrections::bills::made_of(tx, bill.account, bill.id)?;
            return Ok(made.iter().map(|it| self.corrected(it)).collect());
        }
        let causes = self.corrections(tx, original)?;
        if causes.is_empty() {
            return Ok(vec![self.late(original)]);
        }
        let again = std::iter::once(self.again(original));
        Ok(again.chain(causes.iter().map(|it| self.corrected(it))).collect())
    }

    /// Which offer set the price of what was bought.
    fn offered(&self, tx: &mut Tx<'_>) -> Result<Option<String>, Refusal> {
        let Some(order) = self.bill.order else { return Ok(None) };
        let offered = store::orders::get(tx, self.bill.account, order)?.order.offered;
        let said = |it: Offered| {
            let (id, rate) = (it.offer, rate(it.rate_e8));
            self.say(
                format!("Offer {id} set its price: {rate} of the list price."),
                format!("价格由报价 {id} 确定：原价的 {rate}。"),
            )
        };
        Ok(offered.map(said))
    }

    /// The corrections between the adjustment before and this one that its closed cycle was rated again for.
    fn corrections(
        &self,
        tx: &mut Tx<'_>,
        (from, to): (Timestamp, Timestamp),
    ) -> Result<Vec<Correction>, Refusal> {
        let bill = self.bill;
        let mut found: Vec<Correction> = Vec::new();
        for kind in CycleKind::ALL {
            let cycle = self.desk.calendar.cycle(kind, from)?;
            if (cycle.from, cycle.to) == (from, to) {
                let closed = Closed { account: bill.account, cycle, resource: bill.resource };
                found.extend(touching(tx, closed)?);
            }
        }
        let all = bills::of_account(tx, bill.account)?;
        let since = all.iter().filter(|it| is_before(it, bill)).map(|it| it.posted).max();
        found.retain(|it| it.at <= bill.posted && since.is_none_or(|since| it.at > since));
        Ok(found)
    }

    /// That the bill settles what came late.
    fn late(&self, (from, to): (Timestamp, Timestamp)) -> String {
        let (from, to) = (self.print(from), self.print(to));
        self.say(
            format!("It was reported after its cycle, {from} to {to}, had been settled."),
            format!("该用量在其周期（{from} 至 {to}）结算之后才上报。"),
        )
    }

    /// That a closed cycle was rated once more.
    fn again(&self, (from, to): (Timestamp, Timestamp)) -> String {
        let (from, to) = (self.print(from), self.print(to));
        self.say(
            format!("It is the difference of its cycle, {from} to {to}, rated once more after a correction."),
            format!("其周期（{from} 至 {to}）因更正重新计费，此为差额。"),
        )
    }

    /// Who corrected what, when and why.
    fn corrected(&self, it: &Correction) -> String {
        let (id, at, reason) = (&it.id, self.print(it.at), &it.reason);
        let (english, chinese) = self.what(it);
        let actor = match self.question.told_to {
            ToldTo::Operator => it.actor.clone(),
            ToldTo::Customer => self.say("the operator".into(), "运营方".into()),
        };
        self.say(
            format!("Correction {id} of {at} by {actor} {english}: {reason}"),
            format!("更正 {id}（{at}，{actor}）{chinese}：{reason}"),
        )
    }

    /// What a correction charged or gave back, and from or to what.
    pub(super) fn paid(&self) -> String {
        let (total, currency) = (self.bill.total, self.currency());
        let (sum, paid) = (self.money(self.moved(total)), self.purses(""));
        let (from_en, from_zh) =
            paid.map_or_else(<(String, String)>::default, |it| (format!(": {it}"), format!("：{it}")));
        match total.is_negative() {
            true => self.say(
                format!("{sum} {currency} went back{from_en}."),
                format!("退还 {sum} {currency}{from_zh}。"),
            ),
            false => self.say(
                format!("{sum} {currency} were charged{from_en}."),
                format!("补收 {sum} {currency}{from_zh}。"),
            ),
        }
    }

    /// What a correction says, as the end of a sentence.
    fn what(&self, it: &Correction) -> (String, String) {
        let says: Value = serde_json::from_str(&it.body).unwrap_or(Value::Null);
        let of = |name: &str| says.get(name).and_then(Value::as_str).unwrap_or("").to_string();
        let line = says.get("line").and_then(Value::as_str).map_or_else(String::new, |it| format!("/{it}"));
        let money = || Money::parse(&of("amount"), self.bill.currency()).ok();
        let sum = || money().map_or_else(|| of("amount"), |it| self.money(it));
        match it.kind.as_str() {
            "void" => (format!("voids the reading {}", of("event")), format!("作废读数 {}", of("event"))),
            "replace" => (
                format!("counts the reading {} for {}", of("event"), of("quantity")),
                format!("将读数 {} 更正为 {}", of("event"), of("quantity")),
            ),
            "rerate" => {
                let time = |name: &str| of(name).parse().map_or_else(|_| of(name), |it| self.print(it));
                let (from, until, book) = (time("from"), time("until"), of("book"));
                (
                    format!("prices {from} to {until} by the price book {book}"),
                    format!("对 {from} 至 {until} 改用价目表 {book}"),
                )
            }
            kind => {
                let (bill, sum, currency) = (of("bill"), sum(), self.currency());
                let verb = if kind == "credit" { "退还" } else { "补收" };
                (
                    format!("{kind}s {sum} {currency} against {bill}{line}"),
                    format!("对账单 {bill}{line} {verb} {sum} {currency}"),
                )
            }
        }
    }
}

/// Whether a bill settled the same closed cycle and subject before.
fn is_before(it: &Bill<'_>, bill: &Bill<'_>) -> bool {
    it.kind == Kind::Adjustment
        && it.posted < bill.posted
        && (it.original, &it.product, it.resource) == (bill.original, &bill.product, bill.resource)
        && (&it.region, &it.spec) == (&bill.region, &bill.spec)
}

/// The corrections that a closed cycle was rated again for, in their order.
fn touching(tx: &mut Tx<'_>, closed: Closed) -> Result<Vec<Correction>, Refusal> {
    let mut found = readings::of_cycle(tx, closed)?;
    found.extend(prices::of_cycle(tx, closed.account, &closed.cycle)?);
    found.sort_by_key(|it| it.number);
    Ok(found)
}
