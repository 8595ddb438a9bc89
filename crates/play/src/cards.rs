//! Cards in scenarios: added, paid with, proved to be one's own.
//!
//! In:  a verb. Out: what the operations did, each payment as far as it goes.
//! Invariant: payments are followed by the same operations as on a server; only the gateway is simulated.

use super::player::Player;
use super::step::CardVerb;
use billing::payment::Kind;
use billing::payment::split::Means;
use desk::card_payments::{self, New, NewTopUp};
use desk::{Refusal, card_refunds, cards};
use providers::cards::Cards;
use providers::cards::simulated::{Manner, Proof, Simulated};
use providers::cards::stripe::KnownCard;
use store::{StoreError, Tx};
use units::{AccountId, CardId, Money};

/// Payments that are looked at in one turn.
const AT_ONCE: usize = 1_000;
/// Calls that one payment may need one after another, and room.
const CALLS: usize = 8;

impl Player<'_> {
    /// Does what a verb about cards says.
    pub(crate) fn by_card(&mut self, verb: &CardVerb) -> Result<(), Refusal> {
        match verb {
            CardVerb::Add { account, card, manner } => self.add_card(account, card, *manner),
            CardVerb::Pay { label, card, means } => self.pay_by_card(label, card, *means),
            CardVerb::TopUp { account, card, amount } => self.top_up_by_card(account, card, amount),
            CardVerb::Prove { label, proof } => self.prove(label, *proof),
        }
    }

    fn gateway(&mut self) -> &mut Simulated {
        if !matches!(self.desk.cards, Cards::Simulated(_)) {
            self.desk.cards = Cards::Simulated(Simulated::default());
        }
        match &mut self.desk.cards {
            Cards::Simulated(it) => it,
            Cards::Off | Cards::Stripe(_) => unreachable!("it was set above"),
        }
    }

    fn add_card(&mut self, account: &str, card: &str, manner: Manner) -> Result<(), Refusal> {
        let (id, _) = self.of(account)?;
        let method = format!("pm_{account}_{card}");
        self.gateway().manners.insert(method.clone(), manner);
        let known =
            KnownCard { method, brand: "visa".into(), last4: "4242".into(), exp_month: 12, exp_year: 2099 };
        let (desk, now) = (&self.desk, self.now);
        let added = self.store.write(|tx| {
            cards::known_as(tx, desk.at(now), id, &format!("cus_{id}"))?;
            cards::add(tx, desk.at(now), id, &known)
        })?;
        self.cards.insert(format!("{account} {card}"), added.id);
        Ok(())
    }

    fn card(&self, account: AccountId, card: &str) -> Result<CardId, Refusal> {
        let name = self.accounts.iter().find(|it| it.1.0 == account).map_or("", |it| it.0.as_str());
        let found = self.cards.get(&format!("{name} {card}")).copied();
        found.ok_or_else(|| StoreError::NotFound(format!("card {card}")).into())
    }

    fn pay_by_card(&mut self, label: &str, card: &str, means: Means) -> Result<(), Refusal> {
        let it = self.purchase(label)?;
        let (card, token) = (self.card(it.account, card)?, self.next_token());
        let (desk, now) = (&self.desk, self.now);
        let new =
            New { account: it.account, group: &it.token, orders: &it.orders, card, means, token: &token };
        self.store.write(|tx| card_payments::begin(tx, desk.at(now), new))?;
        self.cashier()
    }

    fn top_up_by_card(&mut self, account: &str, card: &str, amount: &str) -> Result<(), Refusal> {
        let (account, currency) = self.of(account)?;
        let (card, money) = (self.card(account, card)?, Money::parse(amount, currency)?);
        let token = self.next_token();
        let (desk, now) = (&self.desk, self.now);
        let new = NewTopUp { account, card, money, kind: Kind::TopUp, token: &token };
        self.store.write(|tx| card_payments::top_up(tx, desk.at(now), new))?;
        self.cashier()
    }

    fn next_token(&mut self) -> String {
        self.events += 1;
        format!("card {}", self.events)
    }

    /// The holder of the card by which a purchase is paid gives a proof, or fails to.
    fn prove(&mut self, label: &str, proof: Proof) -> Result<(), Refusal> {
        let it = self.purchase(label)?;
        let read =
            |tx: &mut Tx<'_>| Ok::<_, Refusal>(store::card_payments::of_batch(tx, it.account, &it.token)?);
        let found = self.store.read(read)?;
        let payment = found.ok_or_else(|| StoreError::NotFound(format!("payment of {label}")))?.payment;
        self.gateway().proofs.insert(payment.id.to_string(), proof);
        let (desk, now) = (&self.desk, self.now);
        let intent = payment.intent.unwrap_or_default();
        self.store.write(|tx| card_payments::look_at(tx, desk.at(now), &intent))?;
        self.cashier()
    }

    /// Follows what is due of payments, as a server does.
    pub(crate) fn cashier(&self) -> Result<(), Refusal> {
        let Cards::Simulated(gateway) = &self.desk.cards else { return Ok(()) };
        let at = self.desk.at(self.now);
        for _ in 0..CALLS {
            let due = self.store.read(|tx| card_payments::due(tx, at, AT_ONCE))?;
            if due.is_empty() {
                return self.to_cards(gateway);
            }
            for id in due {
                let Some(payment) = self.store.write(|tx| card_payments::claim(tx, at, id))? else {
                    continue;
                };
                let Some(call) = payment.next() else { continue };
                let mut answer = gateway.ask(&payment, call);
                if let Ok(noted) = payment.noted(&answer)
                    && let Some(call) = noted.resumed(&answer)
                {
                    answer = gateway.ask(&noted, call);
                }
                self.store.write(|tx| card_payments::hear(tx, at, id, &answer))?;
            }
        }
        self.to_cards(gateway)
    }

    /// Follows what goes back to cards, as a server does.
    fn to_cards(&self, gateway: &Simulated) -> Result<(), Refusal> {
        let at = self.desk.at(self.now);
        for id in self.store.read(|tx| card_refunds::due(tx, at, AT_ONCE))? {
            let Some(it) = self.store.write(|tx| card_refunds::claim(tx, at, id))? else { continue };
            let mut answer = gateway.give_back(&it.card_refund, &it.payment, it.card_refund.next());
            if let Some(call) = it.card_refund.resumed(&answer, self.now) {
                answer = gateway.give_back(&it.card_refund, &it.payment, call);
            }
            self.store.write(|tx| card_refunds::hear(tx, at, id, &answer))?;
        }
        Ok(())
    }
}

/// Payments of an account, the oldest first.
pub(crate) fn lines(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<String>, Refusal> {
    let filter = store::card_payments::PaymentFilter { before: "zzz", state: "" };
    let mut found = store::card_payments::page(tx, account, filter, AT_ONCE)?;
    found.reverse();
    let line = |it: &store::card_payments::StoredPayment| {
        let it = &it.payment;
        let back = match it.refunded.is_positive() {
            true => format!(" refunded {}", it.refunded),
            false => String::new(),
        };
        let reason = it.reason.as_ref().map_or_else(String::new, |it| format!(" {it}"));
        format!("{} {} {} taken {}{back}{reason}", it.kind.as_str(), it.state.as_str(), it.money, it.taken)
    };
    Ok(found.iter().map(line).collect())
}
