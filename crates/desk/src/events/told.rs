//! Payloads of events: what is told of each, member by member, and of what shape.
//!
//! In:  a struct whose members are values of the domain. Out: its JSON, and the form of that JSON for documents.
//! Invariant: what is told and what documents say of it come from the same members; neither is written twice.

use billing::event::EventKind;
use billing::offer;
use billing::order;
use billing::provision;
use billing::resource::{self, EndedBy};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use units::{AccountId, BillId, BookId, BudgetId, Currency, CycleKind, EndpointId, Money, OrderId, PackId};
use units::{OfferId, ResourceId, SalesRequestId, TaskId, Timestamp};

/// Of what shape a member is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    Text,
    /// An id; its prefix.
    Id(&'static str),
    /// A whole number of 0 or more.
    Whole,
    /// A decimal text in the major unit.
    Money,
    /// RFC 3339.
    Instant,
    /// One of these words.
    Words(Vec<&'static str>),
    List(Box<Shape>),
    /// Names with values of one shape.
    Map(Box<Shape>),
    /// This, or `null`.
    Nullable(Box<Shape>),
    Object(Vec<Member>),
}

/// Whether a member stands in every event of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    Always,
    Sometimes,
}

/// One member of a payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub name: &'static str,
    /// What it means, for people; may be empty.
    pub about: String,
    pub shape: Shape,
    pub presence: Presence,
}

/// What `data` of some kinds of events holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// The name of the payload, such as `WalletLow`.
    pub name: &'static str,
    /// The kinds that tell it; none for what is a part of another payload.
    pub kinds: &'static [EventKind],
    /// What it is, for people.
    pub about: String,
    pub members: Vec<Member>,
}

/// What is told of something.
// trait: implemented by every payload of this folder
pub(super) trait Payload {
    /// The kinds that tell it.
    const KINDS: &'static [EventKind];

    fn form() -> Form;

    fn told(&self) -> Value;
}

/// A value that a payload may hold.
pub(super) trait Told {
    const PRESENCE: Presence = Presence::Always;

    fn shape() -> Shape;

    /// `None` for what is left out.
    fn told(&self) -> Option<Value>;
}

/// A member that is left out where there is none.
#[derive(Clone, Debug)]
pub(super) struct Sometimes<T>(pub Option<T>);

impl<T: Told> Told for Sometimes<T> {
    const PRESENCE: Presence = Presence::Sometimes;

    fn shape() -> Shape {
        T::shape()
    }

    fn told(&self) -> Option<Value> {
        self.0.as_ref().and_then(T::told)
    }
}

impl<T: Told> Told for Option<T> {
    fn shape() -> Shape {
        Shape::Nullable(Box::new(T::shape()))
    }

    fn told(&self) -> Option<Value> {
        Some(self.as_ref().and_then(T::told).unwrap_or(Value::Null))
    }
}

impl<T: Told> Told for Vec<T> {
    fn shape() -> Shape {
        Shape::List(Box::new(T::shape()))
    }

    fn told(&self) -> Option<Value> {
        Some(self.iter().filter_map(T::told).collect())
    }
}

impl<T: Told> Told for BTreeMap<String, T> {
    fn shape() -> Shape {
        Shape::Map(Box::new(T::shape()))
    }

    fn told(&self) -> Option<Value> {
        let members: Map<String, Value> =
            self.iter().filter_map(|it| Some((it.0.clone(), it.1.told()?))).collect();
        Some(Value::Object(members))
    }
}

macro_rules! told {
    ($($kind:ty: $shape:expr, $it:ident => $value:expr;)*) => {$(
        impl Told for $kind {
            fn shape() -> Shape {
                $shape
            }

            fn told(&self) -> Option<Value> {
                let $it = self;
                Some(json!($value))
            }
        }
    )*};
}

macro_rules! told_ids {
    ($($id:ident)*) => {
        told! { $($id: Shape::Id($id::PREFIX), it => it.to_string();)* }
    };
}

fn words<T: Copy>(all: &[T], word: fn(T) -> &'static str) -> Shape {
    Shape::Words(all.iter().map(|it| word(*it)).collect())
}

told! {
    String: Shape::Text, it => it;
    u64: Shape::Whole, it => it;
    u32: Shape::Whole, it => it;
    Money: Shape::Money, it => it.to_string();
    Timestamp: Shape::Instant, it => it.to_string();
    Currency: Shape::Text, it => it.as_str();
    CycleKind: words(&CycleKind::ALL, CycleKind::as_str), it => it.as_str();
    EndedBy: words(&EndedBy::ALL, EndedBy::as_str), it => it.as_str();
    offer::State: words(&offer::State::ALL, offer::State::as_str), it => it.as_str();
    order::State: words(&order::State::ALL, order::State::as_str), it => it.as_str();
    resource::State: words(&resource::State::ALL, resource::State::as_str), it => it.as_str();
    provision::State: words(&provision::State::ALL, provision::State::as_str), it => it.as_str();
    provision::Kind: words(&provision::Kind::ALL, provision::Kind::as_str), it => it.as_str();
}

told_ids! { AccountId OrderId ResourceId PackId BillId TaskId BookId BudgetId OfferId SalesRequestId EndpointId }

/// A payload: the kinds that tell it, and its members, each with a sentence for the document.
macro_rules! payload {
    ($(#[doc = $about:literal])+ $name:ident of [$($of:ident)*] {
        $($(#[doc = $doc:literal])* $field:ident: $kind:ty,)*
    }) => {
        $(#[doc = $about])+
        #[derive(Clone, Debug)]
        pub(super) struct $name {
            $($(#[doc = $doc])* pub $field: $kind,)*
        }

        impl $crate::events::told::Payload for $name {
            const KINDS: &'static [billing::event::EventKind] = &[$(billing::event::EventKind::$of),*];

            fn form() -> $crate::events::told::Form {
                use $crate::events::told::{Form, Member, Told, sentence};
                Form {
                    name: stringify!($name),
                    kinds: <$name as $crate::events::told::Payload>::KINDS,
                    about: sentence(&[$($about),+]),
                    members: vec![$(Member {
                        name: stringify!($field),
                        about: sentence(&[$($doc),*]),
                        shape: <$kind as Told>::shape(),
                        presence: <$kind as Told>::PRESENCE,
                    }),*],
                }
            }

            fn told(&self) -> serde_json::Value {
                use $crate::events::told::Told;
                let members = [$((stringify!($field), Told::told(&self.$field))),*];
                let told = members.into_iter().filter_map(|(name, it)| Some((name.to_string(), it?)));
                serde_json::Value::Object(told.collect())
            }
        }
    };
}

pub(super) use payload;

/// The lines of a comment in one.
pub(super) fn sentence(lines: &[&str]) -> String {
    lines.iter().map(|it| it.trim()).collect::<Vec<_>>().join(" ")
}
