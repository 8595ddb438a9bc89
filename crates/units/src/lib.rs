//! Values that everything else is made of: money, quantities, prices, ids, instants and cycles.
//!
//! In:  text and whole numbers. Out: values that cannot be mixed up or wrap.
//! Invariant: nothing here reads a clock, a file or a socket, and nothing is a floating-point number.
//! Rules: R-MON-*, R-TIM-*, R-PRC-7.

pub mod calendar;
pub mod currency;
pub mod decimal;
pub mod id;
pub mod money;
pub mod quantity;

pub use calendar::{Calendar, Cycle, CycleKind};
pub use currency::{Currency, MoneyError};
pub use id::{
    AccountId, BillId, BookId, BudgetId, CardId, CardRefundId, DocumentId, EndpointId, EventId, FreezeId,
    KeyId, LetterId, MailId, MessageId, NoticeId, OfferId, OrderId, PackId, PaymentId, ProjectId,
    PromotionId, RefundId, ResourceId, SalesRequestId, SessionId, TaskId, TransferId, UserId, VoucherId,
};
pub use jiff::Timestamp;
pub use money::{Amount, Money};
pub use quantity::{Measured, Price, PriceError, Quantity, Unit};
