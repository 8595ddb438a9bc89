//! Every field of a part of a book, changed one at a time: what the test of `diff` tries.
//!
//! In:  a part, how many fields come before the one to change. Out: the part with that one changed, and its name.
//! Invariant: `told!` leads to every field of every type; what can be empty is also emptied, what is absent is set.

use crate::tree::Told;
use billing::book::{
    ArrearsAction, AttackMode, ChangeDiscount, Conditions, Contract, Due, EndedPack, Meter, MeteringEnd,
    OnServiceStop, OptionKind, PackStart, PriceRow, RealName, Resize, Rounding, Sale, Scope,
};
use billing::look::AttributeKind;
use billing::meter::Keys;
use billing::price::{Edge, Pricing};
use billing::refund::rule::{RefundFloor, RefundRest, RefundSpan, UsedUntil};
use billing::resource::State;
use std::collections::BTreeMap;
use units::{Amount, Currency, CycleKind, Quantity, Timestamp, Unit};

/// How many fields come before the one to change, and the names that lead to it, the innermost first.
#[derive(Debug, Default)]
pub(crate) struct Spot {
    pub left: usize,
    pub trail: Vec<&'static str>,
}

impl Spot {
    /// The `number`th field.
    pub(crate) fn number(number: usize) -> Spot {
        Spot { left: number, trail: Vec::new() }
    }

    /// Whether this is the field to change; counts it if not.
    pub(crate) fn here(&mut self) -> bool {
        let here = self.left == 0;
        self.left = self.left.saturating_sub(1);
        here
    }

    /// The change was made within the field of this name.
    pub(crate) fn within(&mut self, name: &'static str) -> bool {
        self.trail.push(name);
        true
    }
}

/// A part whose fields can be changed one at a time.
pub(crate) trait Perturb {
    /// Changes the field at `spot`. False when it has no more fields than were counted.
    fn perturb(&mut self, spot: &mut Spot) -> bool;

    /// One to set where there is none; `None` for what is only ever taken away.
    fn sample() -> Option<Self>
    where
        Self: Sized,
    {
        None
    }
}

/// An enum that can become another variant.
pub(crate) trait Variants {
    /// Becomes another. Always true.
    fn turn(&mut self) -> bool;

    /// One to set where there is none.
    fn one() -> Option<Self>
    where
        Self: Sized,
    {
        None
    }
}

/// Enums that become `one`, or `other` where they are `one`.
macro_rules! variants {
    ($($enum:ident: $one:expr, $other:expr;)*) => {$(
        impl Variants for $enum {
            fn turn(&mut self) -> bool {
                *self = if *self == $one { $other } else { $one };
                true
            }

            fn one() -> Option<$enum> {
                Some($one)
            }
        }
    )*};
}

variants! {
    AttributeKind: AttributeKind::Number, AttributeKind::Word;
    Rounding: Rounding::Waive, Rounding::Carry;
    Sale: Sale::Open, Sale::Retired;
    OnServiceStop: OnServiceStop::Stays, OnServiceStop::Released;
    MeteringEnd: MeteringEnd::Requested, MeteringEnd::Completed;
    Resize: Resize::Allowed, Resize::Fixed;
    OptionKind: OptionKind::Region, OptionKind::Zone;
    Contract: Contract::Applies, Contract::ListPrice;
    ChangeDiscount: ChangeDiscount::Months, ChangeDiscount::Never;
    Due: Due::Order, Due::Cycle(CycleKind::Day);
    Scope: Scope::Resource, Scope::Account;
    RealName: RealName::Needed, RealName::NotNeeded;
    ArrearsAction: ArrearsAction::Stop, ArrearsAction::Limit;
    PackStart: PackStart::Month, PackStart::Purchase;
    EndedPack: EndedPack::Refused, EndedPack::Sold;
    AttackMode: AttackMode::ExcessOverBase, AttackMode::AbsolutePeak;
    Keys: Keys::AddedUp, Keys::PricedEach;
    Edge: Edge::Upper, Edge::Lower;
    Meter: Meter::HeldSum, Meter::Clock;
    RefundSpan: RefundSpan::Year, RefundSpan::Account;
    RefundFloor: RefundFloor::Order, RefundFloor::Sum;
    UsedUntil: UsedUntil::Refund, UsedUntil::Upgrade;
    RefundRest: RefundRest::Kept, RefundRest::Unused;
}

impl Variants for Pricing {
    /// Tiers are graduated or by volume with the same figures; anything else becomes a block.
    fn turn(&mut self) -> bool {
        let block = |amount: Amount| Pricing::Package { size: Quantity::new(7, Unit::Piece), price: amount };
        *self = match self {
            Pricing::Graduated(tiers) => Pricing::Volume(tiers.clone()),
            Pricing::Volume(tiers) => Pricing::Graduated(tiers.clone()),
            Pricing::PerUnit(price) => block(price.amount),
            Pricing::Package { size, price } => Pricing::PerUnit(units::Price { amount: *price, per: *size }),
            Pricing::Percentage(share) => block(share.fixed),
            Pricing::Band(bands) => block(bands.bands[0].1),
        };
        true
    }
}

/// Leaves: each is changed as a whole, and has a sample.
macro_rules! leaves {
    ($($type:ty: |$it:ident| $change:expr, $sample:expr;)*) => {$(
        impl Perturb for $type {
            fn perturb(&mut self, spot: &mut Spot) -> bool {
                let here = spot.here();
                if here {
                    let $it = &mut *self;
                    $change;
                }
                here
            }

            fn sample() -> Option<$type> {
                $sample
            }
        }
    )*};
}

leaves! {
    String: |it| it.push('x'), Some("sample".into());
    u32: |it| *it += 1, Some(7);
    u64: |it| *it += 1, Some(7);
    u128: |it| *it += 1, Some(7);
    i64: |it| *it += 1, Some(7);
    Amount: |it| *it = Amount::from_e8(it.e8() + 1, it.currency()), Some(Amount::from_e8(700, Currency::CNY));
    Currency: |it| *it = if *it == Currency::CNY { Currency::USD } else { Currency::CNY }, None;
    Timestamp: |it| *it = Timestamp::from_second(it.as_second() + 1).unwrap(), None;
    Unit: |it| *it = if *it == Unit::Gigabyte { Unit::Mbps } else { Unit::Gigabyte }, None;
    CycleKind: |it| *it = if *it == CycleKind::Hour { CycleKind::Day } else { CycleKind::Hour }, None;
    State: |it| *it = if *it == State::Running { State::Stopped } else { State::Running }, None;
}

impl Perturb for Quantity {
    fn perturb(&mut self, spot: &mut Spot) -> bool {
        self.value.perturb(spot) || self.unit.perturb(spot)
    }
}

impl<T: Perturb> Perturb for Option<T> {
    fn perturb(&mut self, spot: &mut Spot) -> bool {
        if self.as_mut().is_some_and(|it| it.perturb(spot)) {
            return true;
        }
        let other = if self.is_some() { None } else { T::sample() };
        let change = (other.is_some() || self.is_some()) && spot.here();
        if change {
            *self = other;
        }
        change
    }
}

impl<T: Perturb + Told + Clone + PartialEq> Perturb for Vec<T> {
    /// Each of it, then the last taken away, then the first put behind the second.
    fn perturb(&mut self, spot: &mut Spot) -> bool {
        if self.iter_mut().any(|it| it.perturb(spot)) {
            return true;
        }
        if !self.is_empty() && spot.here() {
            return self.pop().is_some();
        }
        let turn = self.len() > 1 && self[0] != self[1] && ordered(self) && spot.here();
        if turn {
            self.swap(0, 1);
        }
        turn
    }
}

/// Whether it says something which of them comes first.
fn ordered<T: Told>(list: &[T]) -> bool {
    !matches!(T::many(list), super::Node::List(_, super::Order::Free))
}

impl<T: Perturb> Perturb for BTreeMap<String, T> {
    fn perturb(&mut self, spot: &mut Spot) -> bool {
        self.values_mut().any(|it| it.perturb(spot))
            || (!self.is_empty() && spot.here() && self.pop_first().is_some())
    }
}

impl Perturb for PriceRow {
    fn perturb(&mut self, spot: &mut Spot) -> bool {
        (self.keys.perturb(spot) && spot.within("keys"))
            || (self.sale.perturb(spot) && spot.within("sale"))
            || self.item.perturb(spot)
    }
}

/// Pairs: the one, then the other.
macro_rules! pairs {
    ($($one:ty, $other:ty;)*) => {$(
        impl Perturb for ($one, $other) {
            fn perturb(&mut self, spot: &mut Spot) -> bool {
                self.0.perturb(spot) || self.1.perturb(spot)
            }
        }
    )*};
}

pairs! {
    String, Vec<String>;
    Conditions, u32;
    u32, u64;
    u64, u64;
    u128, Amount;
}
