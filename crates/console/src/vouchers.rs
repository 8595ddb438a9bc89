//! Vouchers of an account: what is left of each, what it pays for and until when; a code that is redeemed.
//!
//! In:  an account; a promotion code. Out: its vouchers, the newest first; one more.
//! Invariant: what of a voucher can be used is what an order would be paid with.

use crate::fields::Fields;
use crate::house::{self, Asked};
use crate::parts::{self, Field, Wrong, sent};
use crate::posted::Posted;
use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::visit::see_other;
use crate::{frame, show};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use billing::order::Action;
use billing::user::Right;
use billing::voucher::{Modes, Scope, State, Unfit, Uses};
use desk::lists::vouchers::{self as list, Filter, Voucher};
use desk::page::{Page, Part};
use desk::{At, Tx, promotions};
use maud::{Markup, html};
use texts::Texts;
use web::problem::Problem;
use web::wire::Text;

/// Vouchers of a page.
pub(crate) const MOST: u16 = 50;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/vouchers", get(mine)).route("/vouchers/redeem", post(redeem))
}

async fn mine(signed: Signed, Query(query): Query<Asked>) -> Result<Response, Response> {
    page(&signed, &query, &Fields::default(), None).await
}

async fn page(
    signed: &Signed,
    query: &Asked,
    form: &Fields,
    wrong: Option<&Problem>,
) -> Result<Response, Response> {
    let account = whose(signed)?;
    let part = Part { after: house::text(query, "after"), most: MOST };
    let read = move |tx: &mut Tx<'_>, at: At<'_>| {
        let found = list::page(tx, at, Filter { account: Some(account), state: None }, &part)?;
        Ok((found, at.now))
    };
    let (found, now) = signed.read(read).await?;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let told = wrong.map(|it| Wrong::of(it, visit));
    let said = query.get("said").is_some_and(|it| it == "redeemed");
    let body = html! {
        @if said { (parts::done(&texts.voucher_redeemed(), &html! {})) }
        (parts::errors(visit, told.as_ref()))
        @if signed.may(Right::Buy) { (redeeming(signed, form, told.as_ref())) }
        @if found.items.is_empty() {
            div.empty { h2 { (texts.no_vouchers()) } p { (texts.no_vouchers_hint()) } }
        } @else {
            (table(signed, &found, now))
            (parts::more(visit, found.next.as_deref()))
            (parts::csv(visit, "vouchers", &[]))
        }
    };
    let page = frame::Page { title: &texts.vouchers(), sub: &texts.vouchers_sub(), above: &[], body: &body };
    Ok(frame::page(signed, wrong.map_or(StatusCode::OK, |it| it.status), &page))
}

fn redeeming(signed: &Signed, form: &Fields, told: Option<&Wrong>) -> Markup {
    let texts = signed.visit.texts();
    let (label, hint) = (texts.promotion_code(), Some(texts.promotion_code_hint()));
    let value = sent(Some(form), "code");
    let field = Field { name: "code", label, kind: "text", value, autocomplete: "off", hint };
    html! {
        form.narrow method="post" action="/vouchers/redeem" {
            (parts::hidden(&signed.visit))
            (field.show(told))
            div.field { button.btn { (texts.redeem()) } }
        }
    }
}

/// The head of a table of vouchers.
pub(crate) fn head(texts: &Texts) -> Markup {
    html! {
        thead {
            tr {
                th scope="col" { (texts.name()) }
                th scope="col" { (texts.state()) }
                th.n scope="col" { (texts.left()) }
                th.p2 scope="col" { (texts.voucher_pays_for()) }
                th.p2 scope="col" { (texts.good_until()) }
            }
        }
    }
}

/// What a phone shows below the name of a voucher instead of columns.
pub(crate) fn below_name(signed: &Signed, scope: &Scope, until: units::Timestamp) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        span.only.s { (pays_for(signed, scope)) }
        span.only.s { (texts.until(visit.exact_time(until))) }
    }
}

fn table(signed: &Signed, found: &Page<Voucher>, now: units::Timestamp) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        table.table {
            (head(texts))
            tbody {
                @for it in &found.items {
                    @let standing = it.state_at(now);
                    tr.dim[!matches!(standing, State::Unused | State::Frozen)] {
                        th scope="row" { (it.name) (below_name(signed, &it.scope, it.window.until)) }
                        td { (state(texts, standing)) }
                        td.n { (left(texts, it)) }
                        td.p2 { (pays_for(signed, &it.scope)) }
                        td.p2.pre { (visit.exact_time(it.window.until)) }
                    }
                }
            }
        }
    }
}

/// What is left of what.
pub(crate) fn left(texts: &Texts, it: &Voucher) -> String {
    let left = it.balance().map_or_else(|_| String::from("–"), show::money);
    texts.voucher_left_of(left, show::money(it.face))
}

/// How a voucher stands.
pub(crate) fn state(texts: &Texts, it: State) -> String {
    match it {
        State::Unused => texts.voucher_state_unused(),
        State::Frozen => texts.voucher_state_frozen(),
        State::Used => texts.voucher_state_used(),
        State::Expired => texts.voucher_state_expired(),
        State::Withdrawn => texts.voucher_state_withdrawn(),
    }
}

/// What of charges a voucher pays for.
pub(crate) fn mode(texts: &Texts, it: Modes) -> String {
    match it {
        Modes::Prepaid => texts.voucher_mode_prepaid(),
        Modes::PostPaid => texts.voucher_mode_post_paid(),
        Modes::Any => texts.voucher_mode_any(),
    }
}

/// How often a voucher is used.
pub(crate) fn uses(texts: &Texts, it: Uses) -> String {
    match it {
        Uses::Once => texts.voucher_used_once(),
        Uses::Many => texts.voucher_used_many(),
    }
}

/// What a voucher pays for, in a few words.
pub(crate) fn pays_for(signed: &Signed, it: &Scope) -> String {
    let texts = signed.visit.texts();
    let mut all = vec![mode(texts, it.modes), uses(texts, it.uses)];
    if !it.products.is_empty() {
        all.push(of_products(signed, &it.products));
    }
    if !it.regions.is_empty() {
        all.push(of_regions(signed, &it.regions));
    }
    all.extend(it.actions.iter().map(|it| only(texts, *it)));
    if it.min_spend.is_positive() {
        all.push(texts.voucher_from_sum(show::money(it.min_spend)));
    }
    all.extend(it.most_months.map(|it| texts.voucher_up_to_months(it)));
    show::listed(&all, signed.visit.language)
}

fn of_products(signed: &Signed, ids: &[String]) -> String {
    let names: Vec<String> = ids.iter().map(|it| signed.product(it)).collect();
    signed.visit.texts().voucher_of_products(show::listed(&names, signed.visit.language))
}

fn of_regions(signed: &Signed, ids: &[String]) -> String {
    let known = signed.regions();
    let named =
        |id: &String| known.iter().find(|it| it.0 == *id).map_or_else(|| id.clone(), |it| it.1.clone());
    let names: Vec<String> = ids.iter().map(named).collect();
    signed.visit.texts().voucher_of_regions(show::listed(&names, signed.visit.language))
}

/// For which orders alone a voucher pays.
fn only(texts: &Texts, it: Action) -> String {
    match it {
        Action::New => texts.voucher_only_new(),
        Action::Renew => texts.voucher_only_renew(),
        Action::Upgrade => texts.voucher_only_upgrade(),
        Action::Convert => texts.voucher_only_convert(),
        Action::Downgrade => texts.voucher_only_downgrade(),
    }
}

/// Why a voucher does not pay for something, in a few words.
pub(crate) fn unfit(signed: &Signed, why: &Unfit) -> String {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    match why {
        Unfit::Used => state(texts, State::Used),
        Unfit::Frozen => texts.voucher_held_elsewhere(),
        Unfit::Withdrawn => state(texts, State::Withdrawn),
        Unfit::Early(from) => texts.voucher_from_time(visit.time(*from)),
        Unfit::Late(_) => state(texts, State::Expired),
        Unfit::Currency(it) => texts.voucher_of_currency(show::currency(*it, visit.language)),
        Unfit::Mode(it) => texts.voucher_only_for(mode(texts, *it)),
        Unfit::Product(ids) => of_products(signed, ids),
        Unfit::Region(ids) => of_regions(signed, ids),
        Unfit::Action(all) => {
            let words: Vec<String> = all.iter().map(|it| only(texts, *it)).collect();
            show::listed(&words, visit.language)
        }
        Unfit::Duration(most) => texts.voucher_up_to_months(*most),
        Unfit::Minimum { least, .. } => texts.voucher_from_sum(show::money(*least)),
        Unfit::Nothing => texts.voucher_nothing_to_pay(),
        Unfit::Batch(_) => texts.voucher_too_many_orders(),
    }
}

async fn redeem(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::needs(&signed, Right::Buy)?;
    let account = whose(&signed)?;
    let done = match house::read::<Text<1, 60>>(&form, "code") {
        Ok(code) => {
            let work = move |tx: &mut Tx<'_>, at: At<'_>| {
                promotions::redeem(tx, at, account, code.as_str())?;
                Ok("/vouchers?said=redeemed".to_string())
            };
            signed.once(&form, work).await
        }
        Err(problem) => Err(problem),
    };
    match done {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, &Asked::new(), &form, Some(&problem)).await,
    }
}
