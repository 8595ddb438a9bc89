//! Payments by card: begun, followed, given up.
//!
//! In:  who pays what with which card; what the gateway says of it. Out: the payment after that, and everything that follows.
//! Invariant: what is asked of the gateway is written down before it is asked, and the gateway is asked outside of any
//! transaction; the same answer again changes nothing. What was asked and not answered is looked at before it is asked again.
//! Rules: R-PAY-1, R-PAY-2, R-ORD-6, R-ARR-2, the payment states of section 6.

use super::{At, Refusal, accounts, card_due, card_orders, cards, credit_lines, freezes, later, orders};
use billing::by_card::Share;
use billing::order::Order;
use billing::payment::split::Means;
use billing::payment::{
    Answer, CLAIM_SECONDS, CardError, Event, Kind, LOOK_SECONDS, Payment, State, wait_seconds,
};
use billing::wallet::Purse;
use providers::cards::{Cards, limits};
use store::card_payments::{self, StoredPayment};
use store::{StoreError, Tx};
use units::{AccountId, CardId, Money, MoneyError, OrderId, PaymentId};

/// A payment for a purchase.
#[derive(Clone, Copy, Debug)]
pub struct New<'a> {
    pub account: AccountId,
    /// The token of the purchase, and all of its orders.
    pub group: &'a str,
    pub orders: &'a [OrderId],
    pub card: CardId,
    pub means: Means,
    /// Tells this payment from another for the same purchase.
    pub token: &'a str,
}

/// What a payment led to.
#[derive(Clone, Debug)]
pub enum Begun {
    /// The balance paid all of it.
    Paid(Vec<Order>),
    /// A card is asked.
    Asked(Box<Payment>),
}

/// Begins to pay orders of one purchase: freezes what the balance pays, and writes down what the card is to be asked for.
///
/// Errors: no gateway, a card that is not there; arrears, `NeedPayTogether`, `PriceChanged`, state, `HoldsNeedBalance`; less
/// than the gateway charges. Then nothing moved. Source: R-PAY-2.
pub fn begin(tx: &mut Tx<'_>, at: At<'_>, new: New<'_>) -> Result<Begun, Refusal> {
    is_on(at)?;
    let held = freezes::held(tx, new.account)?;
    let (card, customer) = cards::usable(tx, new.account, new.card)?;
    let batch = orders::whole(tx, new.account, new.group, new.orders)?;
    let share = card_orders::share(at, &held, &batch, new.means)?;
    if !share.is_positive() {
        let payment = orders::Payment { account: new.account, token: new.group, orders: new.orders };
        return Ok(Begun::Paid(orders::pay(tx, at, payment)?));
    }
    let (account, kind) = (new.account, Kind::Order);
    let id = PaymentId::named(at.now, &format!("{account} {} {}", new.group, new.token));
    let payment = Payment { group: new.group.to_string(), ..blank((at, id, kind), &card, customer, share)? };
    card_orders::submit(
        tx,
        at,
        held,
        batch,
        Share { payment: id, amount: share, step: limits(share.currency()).step },
    )?;
    card_payments::add(tx, &payment)?;
    Ok(Begun::Asked(Box::new(payment)))
}

/// What a card would pay of a purchase with so much available. Errors: `Overflow`.
pub fn part(orders: &[Order], available: Money, means: Means) -> Result<Money, MoneyError> {
    card_orders::part(orders.iter(), available, means)
}

/// Whether the gateway charges a sum. Errors: `Minimum`, `Fraction`.
pub fn charges(sum: Money) -> Result<(), CardError> {
    limits(sum.currency()).check(sum)
}

/// Money that a card is to bring into the wallet.
#[derive(Clone, Copy, Debug)]
pub struct NewTopUp<'a> {
    pub account: AccountId,
    pub card: CardId,
    pub money: Money,
    pub kind: Kind,
    pub token: &'a str,
}

/// Begins a top-up by card. Errors: no gateway, a card that is not there, another currency, less than the gateway charges.
pub fn top_up(tx: &mut Tx<'_>, at: At<'_>, new: NewTopUp<'_>) -> Result<Payment, Refusal> {
    is_on(at)?;
    let held = freezes::held(tx, new.account)?;
    Money::zero(held.account.currency)
        .checked_add(new.money)
        .map_err(|it| Refusal::from(it).of("currency"))?;
    let (card, customer) = cards::usable(tx, new.account, new.card)?;
    let id = PaymentId::named(at.now, &format!("{} top-up {}", new.account, new.token));
    let payment = blank((at, id, new.kind), &card, customer, new.money).map_err(|it| it.of("amount"))?;
    card_payments::add(tx, &payment)?;
    Ok(payment)
}

/// A payment of which nothing was asked yet. Errors: `Minimum`, `Fraction`.
fn blank(
    (at, id, kind): (At<'_>, PaymentId, Kind),
    card: &cards::Card,
    customer: String,
    money: Money,
) -> Result<Payment, Refusal> {
    limits(money.currency()).check(money)?;
    let none = Money::zero(money.currency());
    Ok(Payment {
        id,
        account: card.account,
        kind,
        group: String::new(),
        card: card.id,
        customer,
        method: card.method.clone(),
        money,
        taken: none,
        refunded: none,
        state: State::Created,
        intent: None,
        reason: None,
        tries: 0,
        due: Some(at.now),
        created: at.now,
        changed: at.now,
    })
}

/// Errors: `Off` where cards are not taken.
pub fn is_on(at: At<'_>) -> Result<(), Refusal> {
    match at.desk.cards {
        Cards::Off => Err(CardError::Off.into()),
        Cards::Simulated(_) | Cards::Stripe(_) => Ok(()),
    }
}

/// Takes the next call of a payment in hand, if one is due: nobody else makes it for a while. Gives the payment as it stood.
///
/// A card that did not agree in time, since the gateway was away, is not asked any more: the payment is given up.
pub fn claim(tx: &mut Tx<'_>, at: At<'_>, id: PaymentId) -> Result<Option<Payment>, Refusal> {
    let StoredPayment { payment, version } = card_payments::by_id(tx, id)?;
    if payment.due.is_none_or(|it| it > at.now) || payment.next().is_none() {
        return Ok(None);
    }
    if payment.state == State::Created && payment.is_over(at.now) {
        hear(tx, at, id, &Answer::Silent("it was away for too long".into()))?;
        return Ok(None);
    }
    let (tries, due) = (payment.tries.saturating_add(1), Some(later(at.now, CLAIM_SECONDS)));
    let claimed = Payment { tries, due, ..payment.clone() };
    match card_payments::save(tx, &claimed, version) {
        Ok(()) => Ok(Some(payment)),
        // Somebody else was faster.
        Err(StoreError::Stale(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The gateway was asked: what it says is written down, and what follows from it is done.
///
/// Errors: `Unheard` for what cannot be; then nothing of it is believed.
pub fn hear(tx: &mut Tx<'_>, at: At<'_>, id: PaymentId, answer: &Answer) -> Result<Payment, Refusal> {
    let account = card_payments::by_id(tx, id)?.payment.account;
    // The wallet first: whoever holds it is alone with the payments of its account.
    freezes::held(tx, account)?;
    let StoredPayment { payment, version } = card_payments::by_id(tx, id)?;
    let noted = payment.noted(answer).map_err(CardError::from)?;
    let event = noted.event(answer);
    let over = noted.is_over(at.now).then_some(Event::Release);
    match event.or(over) {
        Some(event) => step(tx, at, noted, (event, version)),
        // Nothing is to be asked; or it went on while the gateway was asked, and that it says nothing of the step before changes nothing.
        None if noted.next().is_none() || noted.tries == 0 && matches!(answer, Answer::Silent(_)) => {
            Ok(payment)
        }
        None => {
            let pause =
                if noted.state == State::Challenged { LOOK_SECONDS } else { wait_seconds(noted.tries) };
            let waiting = Payment { due: Some(later(at.now, pause)), ..noted };
            card_payments::save(tx, &waiting, version)?;
            Ok(waiting)
        }
    }
}

/// One step of a payment, and what follows from it.
fn step(
    tx: &mut Tx<'_>,
    at: At<'_>,
    payment: Payment,
    (event, version): (Event, i64),
) -> Result<Payment, Refusal> {
    let stepped = card_due::stepped(at, payment, event)?;
    card_payments::save(tx, &stepped, version)?;
    match (stepped.kind, event) {
        (Kind::Order, Event::Authorise) => card_orders::authorised(tx, at, &stepped)?,
        (Kind::Order, Event::Decline | Event::Release) => card_orders::declined(tx, at, &stepped)?,
        (Kind::Order, Event::Capture) => card_orders::captured(tx, at, &stepped)?,
        (Kind::Order, Event::Lose) => card_orders::lost(tx, at, &stepped)?,
        (Kind::TopUp | Kind::Automatic | Kind::Arrears, Event::Authorise) => {
            let taken = Payment { taken: stepped.money, ..stepped };
            return step(tx, at, taken, (Event::Deliver, version + 1));
        }
        (Kind::TopUp | Kind::Automatic | Kind::Arrears, Event::Capture) => {
            let reference = stepped.reference();
            let money = accounts::TopUp { reference: &reference, purse: Purse::Cash, money: stepped.taken };
            accounts::top_up(tx, at, stepped.account, money)?;
        }
        (Kind::Arrears, Event::Decline | Event::Release | Event::Lose) => {
            credit_lines::withhold(tx, at, stepped.account)?;
        }
        (_, Event::Challenge | Event::Deliver | Event::Void)
        | (Kind::TopUp | Kind::Automatic, Event::Decline | Event::Release | Event::Lose) => {}
    }
    // What followed may have taken the payment further.
    Ok(card_payments::by_id(tx, stepped.id)?.payment)
}

/// Gives up a payment whose holder is not through with it. Errors: `NotFound`; `Step` for one that the bank agreed to.
pub fn give_up(tx: &mut Tx<'_>, at: At<'_>, account: AccountId, id: PaymentId) -> Result<Payment, Refusal> {
    freezes::held(tx, account)?;
    let StoredPayment { payment, version } = card_payments::get(tx, account, id)?;
    match payment.state {
        State::Releasing | State::Released => Ok(payment),
        State::Held => Err(Refusal::from(CardError::from(billing::payment::StepError {
            state: payment.state,
            event: Event::Release,
        }))),
        State::Created
        | State::Challenged
        | State::Capturing
        | State::Captured
        | State::Declined
        | State::Failed
        | State::Lost => step(tx, at, payment, (Event::Release, version)),
    }
}

/// Somebody says that something happened to a payment: it is asked about at once.
pub fn look_at(tx: &mut Tx<'_>, at: At<'_>, intent: &str) -> Result<Option<PaymentId>, Refusal> {
    let Some(StoredPayment { payment, version }) = card_payments::by_intent(tx, intent)? else {
        return Ok(None);
    };
    let id = payment.id;
    if payment.next().is_some()
        && payment.due.is_some_and(|it| it > at.now)
        && matches!(payment.state, State::Created | State::Challenged)
    {
        card_payments::save(tx, &Payment { due: Some(at.now), ..payment }, version)?;
    }
    Ok(Some(id))
}

/// Payments that are due, the longest due first.
pub fn due(tx: &mut Tx<'_>, at: At<'_>, most: usize) -> Result<Vec<PaymentId>, Refusal> {
    Ok(card_payments::due(tx, at.now, most)?.into_iter().map(|it| it.payment.id).collect())
}

/// One payment. Errors: `NotFound`, also for a payment of another account.
pub fn one(tx: &mut Tx<'_>, account: AccountId, id: PaymentId) -> Result<Payment, Refusal> {
    Ok(card_payments::get(tx, account, id)?.payment)
}
