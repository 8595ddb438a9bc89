//! What each kind of event tells: the form of its data, and an example of it.
//!
//! In:  a kind. Out: the members of its data for documents; made-up data for whoever tries a webhook.
//! Invariant: the data of a kind is of one payload; what is made up names nothing that there is, but the webhook and its
//! owner.

use super::audience::unheard;
use super::book::BookWithheld;
use super::budget::BudgetMark;
use super::ears::{News, Ping, send_made_up};
use super::offer::{Offer, SalesRequest};
use super::order::Order;
use super::pack::{Pack, PackEnd, PackLevel};
use super::resource::Resource;
use super::settlement::{Billed, Occasion, SetAside};
use super::task::Task;
use super::told::{Form, Payload, Sometimes};
use super::usage::{KeptAside, Quarantined};
use super::wallet::{Arrears, Cleared, TopUp, WalletLow};
use crate::{At, Refusal};
use billing::endpoint::Endpoint;
use billing::event::EventKind;
use billing::offer;
use billing::order;
use billing::provision;
use billing::resource::{self, EndedBy};
use serde_json::Value;
use std::collections::BTreeMap;
use store::Tx;
use units::{
    AccountId, BillId, BookId, BudgetId, Currency, CycleKind, EndpointId, MessageId, Money, OfferId, OrderId,
    PackId, ResourceId, SalesRequestId, TaskId, Timestamp,
};

/// What `data` of a kind holds.
pub fn form(kind: EventKind) -> Form {
    match kind {
        EventKind::OrderPlaced
        | EventKind::OrderPaid
        | EventKind::OrderDelivered
        | EventKind::OrderFailed
        | EventKind::OrderClosed => Order::form(),
        EventKind::ResourceDelivered
        | EventKind::ResourceChanged
        | EventKind::ResourceReleased
        | EventKind::ResourceFailed => Resource::form(),
        EventKind::PackActive => Pack::form(),
        EventKind::PackLow | EventKind::PackEmpty => PackLevel::form(),
        EventKind::PackExpiring => PackEnd::form(),
        EventKind::WalletToppedUp => TopUp::form(),
        EventKind::WalletLow => WalletLow::form(),
        EventKind::WalletInArrears => Arrears::form(),
        EventKind::WalletCleared => Cleared::form(),
        EventKind::BillPosted => Billed::form(),
        EventKind::BudgetReached | EventKind::BudgetForecast => BudgetMark::form(),
        EventKind::SalesRequested => SalesRequest::form(),
        EventKind::OfferMade
        | EventKind::OfferAccepted
        | EventKind::OfferDeclined
        | EventKind::OfferWithdrawn => Offer::form(),
        EventKind::SettlementSetAside => SetAside::form(),
        EventKind::QuarantineAdded => Quarantined::form(),
        EventKind::TaskOpened | EventKind::CloudFailed => Task::form(),
        EventKind::BookWithheld => BookWithheld::form(),
        EventKind::Ping => Ping::form(),
    }
}

/// For which webhook an example is, and when.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// `None` for the operator: the example is then of an account that there is not.
    pub owner: Option<AccountId>,
    pub webhook: EndpointId,
    pub at: Timestamp,
}

/// Made-up data of a kind.
pub fn example(kind: EventKind, of: Sample) -> Value {
    match kind {
        EventKind::OrderPlaced => of.order(order::State::Unpaid, "open"),
        EventKind::OrderPaid => of.order(order::State::Delivering, "open"),
        EventKind::OrderDelivered => of.order(order::State::Delivered, "complete"),
        EventKind::OrderFailed => of.order(order::State::DeliveryFailed, "failed"),
        EventKind::OrderClosed => of.order(order::State::Closed, "open"),
        EventKind::ResourceDelivered => of.resource(resource::State::Running),
        EventKind::ResourceChanged => of.resource(resource::State::Stopped),
        EventKind::ResourceReleased => of.resource(resource::State::Released),
        EventKind::ResourceFailed => of.resource(resource::State::Failed),
        EventKind::PackActive => of.pack(),
        EventKind::PackLow => of.level(20),
        EventKind::PackEmpty => of.level(0),
        EventKind::PackExpiring => {
            let (account, pack) = (of.account(), of.pack_id().to_string());
            PackEnd { account, pack, days_left: 7, at: of.at }.told()
        }
        EventKind::WalletToppedUp => of.top_up(),
        EventKind::WalletLow => of.low(),
        EventKind::WalletInArrears => of.arrears(),
        EventKind::WalletCleared => of.cleared(),
        EventKind::BillPosted => of.billed(),
        EventKind::BudgetReached => of.mark(80, 8_050),
        EventKind::BudgetForecast => of.mark(100, 12_075),
        EventKind::SalesRequested => of.request(),
        EventKind::OfferMade => of.offer(offer::State::Open),
        EventKind::OfferAccepted => of.offer(offer::State::Accepted),
        EventKind::OfferDeclined => of.offer(offer::State::Declined),
        EventKind::OfferWithdrawn => of.offer(offer::State::Withdrawn),
        EventKind::SettlementSetAside => of.set_aside(),
        EventKind::QuarantineAdded => of.quarantined(),
        EventKind::TaskOpened => of.task(provision::State::Open, ""),
        EventKind::CloudFailed => of.task(provision::State::Failed, "no host has room"),
        EventKind::BookWithheld => of.withheld(),
        EventKind::Ping => Ping { account: Sometimes(of.owner), webhook: of.webhook }.told(),
    }
}

/// Sends one endpoint an example of a kind that it may be told of, whatever it listens to.
///
/// Errors: a kind that this owner is never told of.
pub(crate) fn test(
    tx: &mut Tx<'_>,
    endpoint: &Endpoint,
    kind: EventKind,
    at: At<'_>,
) -> Result<MessageId, Refusal> {
    if let Some(why) = unheard(endpoint.owner, kind.as_str()) {
        return Err(Refusal::EventKind(why).of("kind"));
    }
    let of = Sample { owner: endpoint.owner.account(), webhook: endpoint.id, at: at.now };
    let news = News { account: of.owner, kind, data: example(kind, of) };
    send_made_up(tx, endpoint, &news, at)
}

fn text(it: &str) -> String {
    it.to_string()
}

/// Yuan and fen.
fn yuan(fen: i64) -> Money {
    Money::from_minor(fen, Currency::CNY)
}

fn options() -> BTreeMap<String, String> {
    let pairs =
        [("charge", "prepaid"), ("region", "guangzhou"), ("zone", "guangzhou-1"), ("type", "S1.SMALL1")];
    pairs.map(|it| (text(it.0), text(it.1))).into()
}

impl Sample {
    fn account(&self) -> AccountId {
        self.owner.unwrap_or_else(|| AccountId::named(self.at, "example"))
    }

    fn order_id(&self) -> OrderId {
        OrderId::named(self.at, "example")
    }

    fn resource_id(&self) -> ResourceId {
        ResourceId::named(self.at, "example")
    }

    fn pack_id(&self) -> PackId {
        PackId::named(self.at, "example")
    }

    fn order(&self, state: order::State, result: &str) -> Value {
        let told = Order {
            account: self.account(),
            order: self.order_id(),
            purchase: text("example"),
            action: text("new"),
            product: text("server"),
            name: text("web"),
            state,
            result: text(result),
            months: 1,
            total: yuan(7_100),
            currency: Currency::CNY,
            resources: vec![self.resource_id()],
            packs: Vec::new(),
        };
        told.told()
    }

    fn resource(&self, state: resource::State) -> Value {
        let ended_by = match state {
            resource::State::Stopped | resource::State::Released => Some(EndedBy::Owner),
            resource::State::Pending
            | resource::State::Running
            | resource::State::StoppedFree
            | resource::State::Limited
            | resource::State::ArrearsStopped
            | resource::State::Expired
            | resource::State::Releasing
            | resource::State::Recycled
            | resource::State::Failed => None,
        };
        let told = Resource {
            account: self.account(),
            resource: self.resource_id(),
            order: self.order_id(),
            product: text("server"),
            name: text("web"),
            service: None,
            options: options(),
            state,
            address: Some(text("10.77.0.1")),
            deadline: Some(self.at),
            ended_by,
        };
        told.told()
    }

    fn pack(&self) -> Value {
        let told = Pack {
            account: self.account(),
            pack: self.pack_id(),
            order: self.order_id(),
            family: text("container"),
            spec: Some(text("1U1G")),
            name: text("pack"),
            capacity: 2_592_000,
            effective: self.at,
            expires: self.at,
        };
        told.told()
    }

    fn level(&self, percent_left: u64) -> Value {
        let (account, pack) = (self.account(), self.pack_id().to_string());
        PackLevel { account, pack, percent_left, at: self.at }.told()
    }

    fn top_up(&self) -> Value {
        let (amount, currency) = (yuan(10_000), Currency::CNY);
        let (account, reference) = (self.account(), text("example"));
        TopUp { account, amount, reference, balance: amount, available: amount, currency }.told()
    }

    fn low(&self) -> Value {
        let (left, currency) = (yuan(1_250), Currency::CNY);
        let told = WalletLow {
            account: self.account(),
            alert: yuan(5_000),
            balance: left,
            available: left,
            currency,
        };
        told.told()
    }

    fn arrears(&self) -> Value {
        let (account, currency) = (self.account(), Currency::CNY);
        let told = Arrears { account, since: self.at, balance: yuan(-320), available: yuan(0), currency };
        told.told()
    }

    fn cleared(&self) -> Value {
        let (left, currency) = (yuan(9_680), Currency::CNY);
        Cleared { account: self.account(), balance: left, available: left, currency }.told()
    }

    fn billed(&self) -> Value {
        let told = Billed {
            account: self.account(),
            cycle: Occasion::Purchase,
            order: Sometimes(Some(self.order_id())),
            bill: Sometimes(Some(BillId::named(self.at, "example"))),
            from: self.at,
            to: self.at,
            bills: 1,
            total: yuan(7_100),
            currency: Currency::CNY,
        };
        told.told()
    }

    fn mark(&self, percent: u32, reached: i64) -> Value {
        let told = BudgetMark {
            account: self.account(),
            budget: BudgetId::named(self.at, "example"),
            name: text("website"),
            month: text("2026-06"),
            percent,
            amount: yuan(10_000),
            reached: yuan(reached),
            currency: Currency::CNY,
            at: self.at,
        };
        told.told()
    }

    fn offer(&self, state: offer::State) -> Value {
        let told = Offer {
            account: self.account(),
            offer: OfferId::named(self.at, "example"),
            request: None,
            state,
            list: yuan(9_792),
            total: yuan(8_000),
            currency: Currency::CNY,
            until: self.at,
            note: text("720 h for a trial month"),
            reason: text(""),
        };
        told.told()
    }

    fn request(&self) -> Value {
        let told = SalesRequest {
            account: self.account(),
            request: SalesRequestId::named(self.at, "example"),
            product: Some(text("container-pack")),
            quantity: Some(10),
            from: Some(text("2026-07-01")),
            price: Some(yuan(80_000)),
            message: text("Ten packs of 720 h for 1U1G"),
        };
        told.told()
    }

    fn set_aside(&self) -> Value {
        let (from, to) = (self.at, self.at);
        let reason = text("an example: nothing was set aside");
        SetAside { account: self.account(), cycle: CycleKind::Hour, from, to, reason }.told()
    }

    fn quarantined(&self) -> Value {
        let reason = text("unknown_resource");
        let first = KeptAside {
            source: text("/gateways/guangzhou-1"),
            id: text("2026-06-01T01:00/res1"),
            subject: self.resource_id().to_string(),
            meter: text("traffic_out"),
            reason: reason.clone(),
            detail: text("an example: nothing was kept aside"),
        };
        Quarantined { readings: 1, reasons: BTreeMap::from([(reason, 1)]), first }.told()
    }

    fn task(&self, state: provision::State, reason: &str) -> Value {
        let over = state == provision::State::Failed;
        let told = Task {
            id: TaskId::named(self.at, "example"),
            account: self.account(),
            resource: self.resource_id(),
            order: self.order_id(),
            kind: if over { provision::Kind::Change } else { provision::Kind::Provision },
            state,
            attempt: 1,
            product: text("server"),
            options: options(),
            name: text("web"),
            service: None,
            target: resource::State::Running,
            cause: EndedBy::Owner,
            address: None,
            attributes: BTreeMap::new(),
            reason: text(reason),
            created: self.at,
            due: (!over).then_some(self.at),
            ended: over.then_some(self.at),
        };
        told.told()
    }

    fn withheld(&self) -> Value {
        let told = BookWithheld {
            price_book: BookId::named(self.at, "example"),
            name: text("example"),
            from: self.at,
            reason: text("an example: no price book was withheld"),
        };
        told.told()
    }
}

#[cfg(test)]
mod tests;
