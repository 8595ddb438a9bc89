//! Examples: what every kind of mail looks like, with made-up figures.
//!
//! In:  a kind, an instant. Out: what a letter of it might tell.
//! Invariant: nothing in it is there; no account is read.

use billing::letter::LetterKind;
use billing::notice::words::{About, said};
use billing::notice::{Notice, NoticeKind};
use billing::options::Options;
use billing::order::{Action, Order, Piece, PieceState, State};
use billing::pack::Pack;
use billing::quote::Becomes;
use billing::rate::Terms;
use billing::refund::Way;
use billing::resource::{self, Resource};
use billing::user::Role;
use billing::wallet::{Paid, Purses};
use desk::letters::{Back, Told};
use desk::lists::bills::ProductSum;
use desk::refunds::{Refund, Seen, Subject};
use desk::{Desk, later};
use units::{AccountId, BillId, BookId, Currency, Money, OrderId, PackId, RefundId, ResourceId, Timestamp};

/// What the account of an example is called.
pub const SAMPLE: &str = "example";

/// For which instant an example is.
#[derive(Clone, Copy, Debug)]
pub struct Sample<'a> {
    pub desk: &'a Desk,
    pub at: Timestamp,
}

/// An example of what a letter of `kind` tells.
pub fn sample(kind: LetterKind, of: Sample<'_>) -> Told {
    match kind {
        LetterKind::BalanceLow
        | LetterKind::InArrears
        | LetterKind::PackLow
        | LetterKind::PackExhausted
        | LetterKind::PackExpiring
        | LetterKind::BudgetReached
        | LetterKind::BudgetForecast
        | LetterKind::OfferMade
        | LetterKind::CommitmentAgreed
        | LetterKind::CreditAgreed
        | LetterKind::VoucherIssued
        | LetterKind::VoucherEnding
        | LetterKind::CardRefundFailed
        | LetterKind::PriceChange
        | LetterKind::PriceChangeUndone
        | LetterKind::ResourceExpiring
        | LetterKind::RenewalAhead
        | LetterKind::RenewalDone
        | LetterKind::RenewalFailed
        | LetterKind::ResourceExpired => of.notice(kind),
        LetterKind::OrderReceipt => {
            let order = of.order(State::Delivering, [PieceState::Waiting; 2]);
            Told::Receipt { total: order.total, orders: vec![order], card: None }
        }
        LetterKind::OrderDelivered => {
            let order = of.order(State::Delivered, [PieceState::Delivered; 2]);
            let resources =
                order.pieces.iter().enumerate().map(|(at, it)| of.resource(at, it.resource)).collect();
            Told::Delivered { order, resources, back: None }
        }
        LetterKind::OrderFailed => {
            let order = of.order(State::DeliveryFailed, [PieceState::Failed; 2]);
            Told::Failed { back: Back { free: order.total, card: yuan(0) }, order }
        }
        LetterKind::Refund => of.refund(),
        LetterKind::DowngradeDone => of.lowered(),
        LetterKind::ResourceStopped => Told::Stopped { at: of.at },
        LetterKind::ResourceRecycled | LetterKind::ResourceReleased => {
            let id = ResourceId::named(of.at, "example 0");
            Told::Ended { at: of.at, resource: Some(Box::new(of.resource(0, id))) }
        }
        LetterKind::Statement => of.statement(),
        LetterKind::SignIn => Told::SignIn {
            at: of.at,
            address: "203.0.113.7".into(),
            agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".into(),
        },
        LetterKind::Invitation => Told::Invitation {
            house: Some(SAMPLE.into()),
            role: Role::Buyer,
            link: "0".repeat(64),
            until: later(of.at, billing::user::INVITATION_SECONDS),
        },
        LetterKind::Test => Told::Test,
    }
}

fn yuan(fen: i64) -> Money {
    Money::from_minor(fen, Currency::CNY)
}

/// The share, the days or the sum that a notice of `kind` says.
fn threshold(kind: LetterKind) -> i64 {
    match kind {
        LetterKind::PackLow => 20,
        LetterKind::PackExpiring | LetterKind::ResourceExpiring | LetterKind::RenewalAhead => 3,
        LetterKind::BudgetReached => 80,
        LetterKind::BudgetForecast => 100,
        LetterKind::VoucherEnding => 7,
        LetterKind::BalanceLow => 1,
        LetterKind::InArrears
        | LetterKind::PackExhausted
        | LetterKind::OfferMade
        | LetterKind::CommitmentAgreed
        | LetterKind::CreditAgreed
        | LetterKind::VoucherIssued
        | LetterKind::CardRefundFailed
        | LetterKind::PriceChange
        | LetterKind::PriceChangeUndone
        | LetterKind::RenewalDone
        | LetterKind::RenewalFailed
        | LetterKind::ResourceExpired
        | LetterKind::OrderReceipt
        | LetterKind::OrderDelivered
        | LetterKind::OrderFailed
        | LetterKind::Refund
        | LetterKind::DowngradeDone
        | LetterKind::ResourceStopped
        | LetterKind::ResourceRecycled
        | LetterKind::ResourceReleased
        | LetterKind::Statement
        | LetterKind::SignIn
        | LetterKind::Invitation
        | LetterKind::Test => 0,
    }
}

/// What a notice of `kind` is about.
fn about(kind: LetterKind, pack: &Pack) -> About<'_> {
    match kind {
        LetterKind::PackLow | LetterKind::PackExhausted | LetterKind::PackExpiring => About::Pack(pack),
        LetterKind::BudgetReached | LetterKind::BudgetForecast => About::Budget("website"),
        LetterKind::ResourceExpiring
        | LetterKind::RenewalAhead
        | LetterKind::RenewalDone
        | LetterKind::RenewalFailed
        | LetterKind::ResourceExpired => About::Resource("web"),
        LetterKind::VoucherIssued | LetterKind::VoucherEnding => {
            About::Voucher { name: "spring", face: yuan(10_000) }
        }
        LetterKind::BalanceLow
        | LetterKind::InArrears
        | LetterKind::OfferMade
        | LetterKind::CommitmentAgreed
        | LetterKind::CreditAgreed
        | LetterKind::CardRefundFailed
        | LetterKind::PriceChange
        | LetterKind::PriceChangeUndone
        | LetterKind::OrderReceipt
        | LetterKind::OrderDelivered
        | LetterKind::OrderFailed
        | LetterKind::Refund
        | LetterKind::DowngradeDone
        | LetterKind::ResourceStopped
        | LetterKind::ResourceRecycled
        | LetterKind::ResourceReleased
        | LetterKind::Statement
        | LetterKind::SignIn
        | LetterKind::Invitation
        | LetterKind::Test => About::Account,
    }
}

impl Sample<'_> {
    fn account(&self) -> AccountId {
        AccountId::named(self.at, "example")
    }

    fn notice(&self, kind: LetterKind) -> Told {
        let Some(of) = kind.notice() else { return Told::Test };
        let notice = Notice {
            account: self.account(),
            subject: "example".into(),
            kind: of,
            threshold: threshold(kind),
            occasion: self.occasion(of),
            at: self.at,
        };
        let pack = self.pack();
        Told::Notice(said(&notice, about(kind, &pack), &self.desk.calendar))
    }

    /// What tells a notice from another: the month, or the times that it speaks of.
    fn occasion(&self, of: NoticeKind) -> String {
        match of {
            NoticeKind::ResourceExpiring | NoticeKind::RenewalAhead | NoticeKind::RenewalDone => {
                later(self.at, 3 * 86_400).to_string()
            }
            NoticeKind::VoucherEnding => later(self.at, 7 * 86_400).to_string(),
            NoticeKind::RenewalFailed => format!("{} balance", self.at),
            NoticeKind::ResourceExpired => format!("{} {}", self.at, later(self.at, 8 * 86_400)),
            NoticeKind::BalanceLow
            | NoticeKind::InArrears
            | NoticeKind::PackLow
            | NoticeKind::PackExhausted
            | NoticeKind::PackExpiring
            | NoticeKind::BudgetReached
            | NoticeKind::BudgetForecast
            | NoticeKind::OfferMade
            | NoticeKind::VoucherIssued => self.desk.calendar.month(self.at),
            NoticeKind::CardRefundFailed => "207.96 CNY example".into(),
            NoticeKind::CommitmentAgreed => format!("{} 20000.00 CNY -", self.desk.calendar.month(self.at)),
            NoticeKind::CreditAgreed => "1000.00 CNY 10".into(),
            NoticeKind::PriceChange | NoticeKind::PriceChangeUndone => {
                later(self.at, 30 * 86_400).to_string()
            }
        }
    }

    fn pack(&self) -> Pack {
        Pack {
            id: PackId::named(self.at, "example"),
            account: self.account(),
            order: OrderId::named(self.at, "example"),
            family: "container".into(),
            spec: Some("1U1G".into()),
            name: "1U1G 720 h".into(),
            capacity: 2_592_000,
            effective: self.at,
            expires: later(self.at, 3 * 86_400),
            bought: self.at,
            left: 518_400,
            settled_to: self.at,
            used: 2_073_600,
            lost: 0,
            notices_percent: vec![20, 5],
            refunded: None,
        }
    }

    fn order(&self, state: State, pieces: [PieceState; 2]) -> Order {
        let piece = |(at, state): (usize, PieceState)| Piece {
            voucher: yuan(0),
            resource: ResourceId::named(self.at, &format!("example {at}")),
            total: yuan(7_100),
            held: Purses::none(Currency::CNY),
            card: Money::zero(Currency::CNY),
            state,
        };
        Order {
            id: OrderId::named(self.at, "example"),
            account: self.account(),
            group: "example".into(),
            action: Action::New,
            product: "server".into(),
            options: Options::default(),
            had: None,
            months: 1,
            days: 0,
            raise: None,
            month: None,
            name: "web".into(),
            service: None,
            book: BookId::named(self.at, "example"),
            terms: Terms::default(),
            offered: None,
            becomes: Becomes::Resource,
            state,
            created: self.at,
            expires: self.at,
            list: yuan(14_200),
            total: yuan(14_200),
            freeze: yuan(0),
            pieces: pieces.into_iter().enumerate().map(piece).collect(),
        }
    }

    fn resource(&self, number: usize, id: ResourceId) -> Resource {
        Resource {
            id,
            account: self.account(),
            order: OrderId::named(self.at, "example"),
            product: "server".into(),
            options: Options::default(),
            name: format!("web-{}", number + 1),
            service: None,
            state: resource::State::Running,
            before: resource::State::Running,
            since: self.at,
            created: self.at,
            delivered: Some(self.at),
            deadline: None,
            address: Some(format!("10.77.0.{}", number + 1)),
            due: None,
            ended_by: None,
            renew: Default::default(),
            kept: Default::default(),
            raises: Vec::new(),
            currency: Currency::CNY,
        }
    }

    /// To a smaller type, of which 183.92 came back. Source: R-CHG-3.
    fn lowered(&self) -> Told {
        let options = |kind: &str| Options::parse(&format!("type={kind}")).unwrap_or_default();
        let order = self.order(State::Delivered, [PieceState::Delivered; 2]);
        let pieces = order.pieces.into_iter().take(1).collect();
        let (options, had) = (options("S1.SMALL1"), Some(options("S2.MEDIUM4")));
        let order = Order { action: Action::Downgrade, pieces, options, had, total: yuan(52_800), ..order };
        Told::Lowered { order, back: yuan(18_392) }
    }

    /// 362.60 of 407.96, of which bonus paid 207.96. Source: R-REF-2.
    fn refund(&self) -> Told {
        let back = |fen: i64| yuan(-fen);
        let purses = Purses::new(back(18_484), back(17_776), yuan(0));
        let paid = purses.and_then(|it| Paid::new(it, yuan(0))).unwrap_or(Paid::none(Currency::CNY));
        let refund = Refund {
            id: RefundId::named(self.at, "example"),
            account: self.account(),
            subject: Subject::Resource(ResourceId::named(self.at, "example 0")),
            way: Way::Used,
            bill: BillId::named(self.at, "example"),
            order: OrderId::named(self.at, "example"),
            months: 0,
            seconds: 432_000,
            at: self.at,
        };
        let seen = Seen {
            refund,
            product: "server".into(),
            name: "web".into(),
            total: yuan(36_260),
            paid,
            to_cards: yuan(0),
        };
        Told::Refund(Box::new(seen))
    }

    fn statement(&self) -> Told {
        let none = billing::bill::Sum::zero(Currency::CNY);
        let of = |fen: i64| billing::bill::Sum { total: yuan(fen), ..none };
        let product = |id: &str, fen: i64| ProductSum { product: id.into(), sum: of(fen) };
        let products = vec![product("container", 8_640), product("server", 14_200)];
        Told::Statement { month: self.desk.calendar.month(self.at), sum: of(22_840), products }
    }
}
