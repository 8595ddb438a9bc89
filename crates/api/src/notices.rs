//! Notices: `/v1/notices`.

use super::state::Api;
use axum::Json;
use axum::extract::State;
use desk::lists::notices::{self, Filter, Read};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::caller::Reader;
use web::problem::Problem;
use web::texts::TextView;
use web::wire::{self, Limit, Moment, Page, Query, Text};
use web::words::{self, Word};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list_notices))
}

/// Something that the customer is told.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "ntc_019eb7696c008cf183c2a061049531a6", "kind": "balance_low", "subject": "shop", "threshold": 1,
    "at": "2026-06-01T00:00:00Z", "title": {"en": "Balance alert", "zh": "余额预警"},
    "text": {"en": "On 1 June 2026, 08:00, less was available than the limit of your balance alert: day 1 in a row of at most 5. Top up before the money is gone.",
        "zh": "2026年6月1日 08:00 可用余额低于您设置的预警值，已连续第 1 天提醒，最多提醒 5 天。请在余额用完前充值。"}
}))]
pub struct NoticeView {
    pub id: String,
    /// `balance_low`, `in_arrears`, `pack_low`, `pack_exhausted`, `pack_expiring`, `budget_reached`, `budget_forecast`, `offer_made`,
    /// `commitment_agreed`, `credit_agreed`, `voucher_issued`, `voucher_ending`, `card_refund_failed`, `price_change`, `price_change_undone`, `resource_expiring`, `renewal_ahead`, `renewal_done`, `renewal_failed` or
    /// `resource_expired`.
    pub kind: words::NoticeKind,
    /// What it is about: the account by its name, a pack, a budget, an offer, a voucher, a refund or a price book by its id.
    pub subject: String,
    /// The percent of a pack that are left, the days until it expires, on how many days in a row little money was left, or the
    /// threshold of a budget in percent; of price changes and of what was agreed, their number.
    pub threshold: i64,
    pub at: Moment,
    /// What it says, times on the clock of the settlement zone.
    pub title: TextView,
    pub text: TextView,
}

impl From<Read> for NoticeView {
    fn from(Read { notice: it, said, .. }: Read) -> NoticeView {
        NoticeView {
            id: it.id().to_string(),
            at: wire::time(it.at),
            kind: it.kind.into(),
            subject: it.subject,
            threshold: it.threshold,
            title: said.title.into(),
            text: said.sentence.into(),
        }
    }
}

/// Which notices.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NoticesQuery {
    /// Only notices of this kind.
    kind: Option<Word<words::NoticeKind>>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before: a notice.
    after: Option<Text<0, 80>>,
}

/// Lists what the customer was told, the newest first.
#[utoipa::path(get, path = "/v1/notices", tag = "wallet", params(NoticesQuery),
    security(("key" = ["read"])), responses((status = 200, body = Page<NoticeView>)))]
async fn list_notices(
    State(node): State<Node>,
    who: Reader,
    Query(query): Query<NoticesQuery>,
) -> Result<Json<Page<NoticeView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let of = Filter { account: who.account, kind: query.kind.map(|it| it.0.0) };
    let page = node.read(move |tx, at| notices::page(tx, at, of, &part)).await?;
    Ok(Json(Page::of(page, NoticeView::from)))
}
