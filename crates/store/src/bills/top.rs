//! What cost most of a span, by resource.
//!
//! In:  an account, a span of use, how many. Out: what each came to, the dearest first.
//! Invariant: a resource stands there once: what was charged for it in any way, less what was given back.

use super::lists::{Span, called, in_kept, limit, open_bills};
use crate::engine::{StoreError, Tx};
use units::{AccountId, Money};

statements! {
    // A resource is one, whatever was charged for it and given back; a spec that is added up over the account too.
    DEAREST = concat!("select b.product, b.subject, b.spec, b.total_minor, b.currency, ", called!(), " from (select s.product, s.subject,
        max(s.spec) as spec, max(s.order_id) as order_id, cast(sum(s.total_minor) as bigint) as total_minor, max(s.currency) as currency
        from (select k.product, k.subject, k.spec, case when k.subject = '' then k.spec else '' end as own, k.order_id, k.total_minor,
        k.currency from month_sums k where ", in_kept!(), " union all select b.product, coalesce(b.resource, '') as subject, b.spec,
        case when coalesce(b.resource, '') = '' then b.spec else '' end as own, b.order_id, b.total_minor, b.currency from ",
        open_bills!(), ") s group by s.product, s.subject, s.own order by sum(s.total_minor) desc, s.product, s.subject, s.own
        limit $6) b order by b.total_minor desc, b.product, b.subject, b.spec");
}

/// What a resource came to, whatever was charged for it and given back; of what is added up over the account, a spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceSum {
    pub product: String,
    /// Empty for a sum over the account.
    pub resource: String,
    pub spec: String,
    pub name: String,
    pub total: Money,
}

/// Those of a span that cost most, so many, the dearest first.
pub fn dearest(
    tx: &mut Tx<'_>,
    account: AccountId,
    span: Span,
    count: usize,
) -> Result<Vec<ResourceSum>, StoreError> {
    let mut args = span.args(account);
    args.push(limit(count));
    tx.rows(DEAREST, &args, |row| {
        let [product, resource, spec] = [row.text(0)?, row.text(1)?, row.text(2)?];
        Ok(ResourceSum {
            product,
            resource,
            spec,
            name: row.text(5)?,
            total: row.money(3, row.currency(4)?)?,
        })
    })
}
