//! What may still be chosen: `GET /v1/products/{product}/choices`.
//!
//! In:  a product, what was chosen so far. Out: each option with its values, and why the rest cannot be had.
//! Invariant: reasons are those for which an order is refused.

use super::super::state::Api;
use super::currency::currency;
use axum::Json;
use axum::extract::State;
use billing::choices::{Asked, Barred, Completeness, MonthsChoice, OptionChoice, ValueChoice};
use billing::control::{option_name, value_name};
use desk::catalogue::Offer;
use desk::choices::{self, Chosen};
use desk::pack_quotes::Start;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::caller::Anyone;
use web::problem::Problem;
use web::texts::TextView;
use web::wire::{self, Moment, Path, Query, Text};
use web::words;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list_choices))
}

/// Why something cannot be chosen.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "code": "not_with", "text": {"en": "Not sold with Billing Pay-as-you-go.", "zh": "不能与计费模式“按量计费”一起购买。"}
}))]
pub struct BarredView {
    /// `not_on_sale`, `off_step`, `not_with`, `below`, `retired` or `fewer_months`.
    pub code: words::BarredBy,
    pub text: TextView,
}

/// A value, and what bars it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChoiceView {
    pub value: String,
    pub label: TextView,
    /// `null`: it can be chosen.
    pub barred: Option<BarredView>,
}

/// An option with what may be chosen.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OptionChoiceView {
    pub name: String,
    pub label: TextView,
    /// Whether it is asked for; otherwise something else was chosen before it.
    pub asked: bool,
    /// What holds: what was chosen, or the default. `null`: something must be chosen.
    pub value: Option<String>,
    /// What was chosen and cannot be had.
    pub refused: Option<ChoiceView>,
    /// Every value; none for a range.
    pub values: Vec<ChoiceView>,
    /// Of a range: 0, or this and more.
    #[schema(minimum = 0)]
    pub least: Option<u64>,
}

/// A number of months.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MonthsChoiceView {
    #[schema(minimum = 1)]
    pub months: u32,
    /// The lowest rate that a component gets, such as `0.88`, before contracts.
    pub rate: String,
    pub barred: Option<BarredView>,
}

/// A month in which a resource pack may begin.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StartView {
    /// Such as `2026-08`.
    pub month: String,
    /// `null` where it cannot begin then.
    pub effective: Option<Moment>,
    pub expires: Option<Moment>,
    /// Why it cannot begin then.
    pub refused: Option<String>,
}

/// What may be chosen of a product.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "product": "load-balancer", "options": [{
        "name": "region", "label": {"en": "Region", "zh": "地域"}, "asked": true, "value": "hongkong", "refused": null,
        "values": [
            {"value": "guangzhou", "label": {"en": "Guangzhou", "zh": "广州"}, "barred": null},
            {"value": "shanghai", "label": {"en": "Shanghai", "zh": "上海"}, "barred": null},
            {"value": "hongkong", "label": {"en": "Hong Kong", "zh": "中国香港"}, "barred": null},
            {"value": "siliconvalley", "label": {"en": "Silicon Valley", "zh": "硅谷"}, "barred": null}
        ], "least": null
    }], "months": [], "starts": [], "chosen": {"region": "hongkong"}, "complete": true
}))]
pub struct ChoicesView {
    pub product: String,
    /// In the order in which they are asked for. What is chosen of one bars values only of those behind it.
    pub options: Vec<OptionChoiceView>,
    /// The months that are sold ahead; none where nothing is paid by the month.
    pub months: Vec<MonthsChoiceView>,
    /// Of a resource pack that begins with a month.
    pub starts: Vec<StartView>,
    /// What holds so far, defaults included: options of a quote.
    pub chosen: BTreeMap<String, String>,
    /// Whether nothing is left to choose.
    pub complete: bool,
}

fn barred_view(offer: Offer<'_>, it: &Barred) -> BarredView {
    let text = it.sentence(offer.book, offer.product).into();
    BarredView { code: words::BarredBy::of(it), text }
}

fn choice_view(offer: Offer<'_>, option: &str, it: &ValueChoice) -> ChoiceView {
    let rule = offer.product.option(option);
    let label = rule.map(|rule| value_name(offer.book, rule, &it.value));
    ChoiceView {
        label: label.unwrap_or_else(|| billing::text::Text::same(&it.value)).into(),
        value: it.value.clone(),
        barred: it.barred.as_ref().map(|it| barred_view(offer, it)),
    }
}

fn option_view(offer: Offer<'_>, it: &OptionChoice) -> OptionChoiceView {
    let choice = |value: &ValueChoice| choice_view(offer, &it.option, value);
    OptionChoiceView {
        name: it.option.clone(),
        label: option_name(offer.product, &it.option).into(),
        asked: it.asked == Asked::Yes,
        value: it.value.clone(),
        refused: it.refused.as_ref().map(choice),
        values: it.values.iter().map(choice).collect(),
        least: it.least,
    }
}

fn months_view(offer: Offer<'_>, it: &MonthsChoice) -> MonthsChoiceView {
    MonthsChoiceView {
        months: it.months,
        rate: billing::breakdown::rate(it.rate_e8),
        barred: it.barred.as_ref().map(|it| barred_view(offer, it)),
    }
}

impl From<&Start> for StartView {
    fn from(it: &Start) -> StartView {
        let period = it.period.as_ref().ok();
        StartView {
            month: it.month.clone(),
            effective: period.map(|it| wire::time(it.effective)),
            expires: period.map(|it| wire::time(it.expires)),
            refused: it.period.as_ref().err().map(ToString::to_string),
        }
    }
}

impl From<&Chosen<'_>> for ChoicesView {
    fn from(Chosen { offer, choices, starts }: &Chosen<'_>) -> ChoicesView {
        ChoicesView {
            product: offer.product.id.clone(),
            options: choices.options.iter().map(|it| option_view(*offer, it)).collect(),
            months: choices.months.iter().map(|it| months_view(*offer, it)).collect(),
            starts: starts.iter().map(StartView::from).collect(),
            chosen: choices.chosen.pairs().into_iter().collect(),
            complete: choices.state == Completeness::Complete,
        }
    }
}

/// What was chosen so far.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ChoicesQuery {
    /// In which currency it is sold, such as `JPY`; that of the account, or of the one price book, if left out.
    currency: Option<Text<3, 3>>,
    /// What was chosen so far, such as `charge=payg,region=guangzhou`.
    options: Option<Text<0, 1000>>,
}

/// What may still be chosen of a product, and why the rest cannot be had.
#[utoipa::path(get, path = "/v1/products/{product}/choices", tag = "catalogue",
    params(("product" = String, Path), ChoicesQuery),
    security(("key" = [])), responses((status = 200, body = ChoicesView)))]
async fn list_choices(
    State(node): State<Node>,
    who: Anyone,
    Path(product): Path<String>,
    Query(query): Query<ChoicesQuery>,
) -> Result<Json<ChoicesView>, Problem> {
    let currency = currency(&node, who, query.currency).await?;
    let desk = node.desk();
    let options = query.options.map_or_else(String::new, Text::into_string);
    let chosen = choices::of(desk.at(node.clock().now()), currency, &product, &options)?;
    Ok(Json(ChoicesView::from(&chosen)))
}
