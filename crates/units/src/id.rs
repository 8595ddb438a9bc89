//! Ids: one type per thing, printed with its prefix, ordered by time, derived from what they mean.
//!
//! In:  an instant and a name. Out: a UUID of version 8 laid out like version 7: milliseconds first,
//! then a hash of the name, so that the same decision made twice has the same id.
//! Invariant: nothing random here. Who wants a fresh id puts randomness into the name.

use jiff::Timestamp;
use std::fmt;
use std::str::FromStr;
use xxhash_rust::xxh3::xxh3_128;

/// The text is not an id of this kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an id that begins with {prefix}_")]
pub struct IdError {
    pub text: String,
    pub prefix: &'static str,
}

#[inline]
fn named(at: Timestamp, name: &[u8]) -> u128 {
    let hash = xxh3_128(name);
    let millis = u128::try_from(at.as_millisecond()).unwrap_or(0);
    let low = hash & ((1 << 62) - 1);
    let middle = (hash >> 64) & 0xfff;
    (millis << 80) | (8 << 76) | (middle << 64) | (2 << 62) | low
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal,)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u128);

        impl $name {
            pub const PREFIX: &'static str = $prefix;

            /// The id of what `name` says, made at `at`.
            pub fn named(at: Timestamp, name: &str) -> $name {
                $name(named(at, name.as_bytes()))
            }

            /// The same for a name that is bytes, where very many ids are made.
            #[inline]
            pub fn of_bytes(at: Timestamp, name: &[u8]) -> $name {
                $name(named(at, name))
            }

            /// Not above any id that was made at `at` or later; 1970 is the earliest that an id knows.
            pub fn first_at(at: Timestamp) -> $name {
                $name(u128::try_from(at.as_millisecond()).unwrap_or(0) << 80)
            }

            /// The millisecond at which it was made.
            pub fn made(self) -> Timestamp {
                // 48 bits of milliseconds; ids that were read from text may say more than there are years.
                let millis = i64::try_from(self.0 >> 80).unwrap_or(i64::MAX);
                Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MAX)
            }

            /// The 128 bits inside.
            pub const fn bits(self) -> u128 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&format!(concat!($prefix, "_{:032x}"), self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{:032x}"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<$name, IdError> {
                let wrong = || IdError { text: text.chars().take(60).collect(), prefix: $prefix };
                let digits = text.strip_prefix(concat!($prefix, "_")).ok_or_else(wrong)?;
                let plain = digits.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'));
                if digits.len() != 32 || !plain {
                    return Err(wrong());
                }
                u128::from_str_radix(digits, 16).map($name).map_err(|_| wrong())
            }
        }
    )*};
}

ids! {
    AccountId = "acc",
    BillId = "bil",
    BookId = "boo",
    BudgetId = "bdg",
    CardId = "crd",
    CardRefundId = "crf",
    DocumentId = "doc",
    EndpointId = "whk",
    EventId = "evt",
    FreezeId = "frz",
    KeyId = "key",
    LetterId = "ltr",
    MailId = "mal",
    MessageId = "msg",
    NoticeId = "ntc",
    OfferId = "off",
    OrderId = "ord",
    PackId = "pck",
    PaymentId = "pay",
    ProjectId = "prj",
    PromotionId = "pro",
    RefundId = "rfd",
    ResourceId = "res",
    SalesRequestId = "srq",
    SessionId = "ses",
    TaskId = "tsk",
    TransferId = "tra",
    UserId = "usr",
    VoucherId = "vou",
}

#[cfg(test)]
mod tests;
