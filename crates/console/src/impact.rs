//! The impact of a price book that was sent: what a past month of customers would have come to by it.
//!
//! In:  the files of a book, a month. Out: who would have paid more, who less, for what; nothing is written.
//! Invariant: a page looks at so many customers at most, a few in each transaction, and says where there are more.

use crate::draft::Draft;
use crate::fields::Fields;
use crate::posted::Posted;
use crate::proposal::{self, Told};
use crate::signed::Signed;
use crate::state::Console;
use crate::{frame, lost, parts, price_proposals, show};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::post;
use billing::impact::{Asked, Impact, Month, Mover, Sides};
use billing::user::Right;
use desk::impact::{self, OWN_PRICES};
use desk::lists::books as list;
use desk::{At, Refusal, Tx, books};
use maud::{Markup, html};
use std::sync::Arc;
use units::{Amount, Money, MoneyError};

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/operator/books/impact", post(rated))
        .layer(DefaultBodyLimit::max(proposal::LARGEST_BOOK))
}

async fn rated(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Books)?;
    let draft = Draft::of(&form);
    let asked = match asked(&signed, &draft, form.text("month")).await {
        Ok(asked) => Arc::new(asked),
        Err(told) => return proposal::compared_again(&signed, &draft, (form.text("month"), told)).await,
    };
    let of = asked.clone();
    let all = signed.report(move |tx, _| impact::customers(tx, &of)).await?;
    let looked_at = web::impact::some(&signed.visit.node, &asked, String::new()).await;
    let (found, _) = looked_at.map_err(|problem| lost::failed(&signed.visit, &problem))?;
    let (all, renewing) = (u64::try_from(all).unwrap_or(0), renewing(&signed, &asked).await?);
    let shown = Shown { signed: &signed, asked: &asked, found: &found, all, renewing };
    let body = shown.body(&draft);
    let body = signed.good(body.map_err(Refusal::from))?;
    let texts = signed.visit.texts();
    let month = show::month(&asked.month.name, signed.visit.language);
    let (books, new) = (texts.price_books(), texts.new_book());
    let above = [("/operator/books", books.as_str()), ("/operator/books/new", new.as_str())];
    let sub = texts.impact_sub(&asked.after.name);
    let page = frame::Page { title: &texts.impact_of(month), sub: &sub, above: &above, body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

/// How many resources that are paid ahead the book that was sent charges otherwise than the one that holds, from their renewal on.
async fn renewing(signed: &Signed, asked: &Asked) -> Result<u64, Response> {
    let after = asked.after.clone();
    let read = move |tx: &mut Tx<'_>, at: At<'_>| match list::holding(tx, at, after.currency)? {
        Some(head) => Ok(books::touched(tx, at, head.id, &after)?.iter().map(|it| it.renewals).sum()),
        None => Ok(0),
    };
    let found: i64 = signed.read(read).await?;
    Ok(u64::try_from(found).unwrap_or(0))
}

/// What is compared: what was billed in a month, and the book that was sent. Errors: what is wrong with either.
async fn asked(signed: &Signed, draft: &Draft, month: &str) -> Result<Asked, Told> {
    let after = proposal::prepared(signed, draft).await?.book;
    let (calendar, now) = (&signed.visit.calendar, signed.visit.now);
    let name = Some(month).filter(|it| !it.is_empty());
    let month = Month::past(calendar, name, now)
        .map_err(|_| Told::said("month", signed.visit.texts().no_past_month(month)))?;
    let asked = Asked { month, before: None, after, most: impact::MOST };
    let of = asked.clone();
    let checked = signed.visit.node.report(move |tx, _| impact::check(tx, &of)).await;
    checked.map_err(|problem| Told::of(signed, problem))?;
    Ok(asked)
}

/// What a page shows.
struct Shown<'a> {
    signed: &'a Signed,
    asked: &'a Asked,
    found: &'a Impact,
    /// How many customers there are.
    all: u64,
    /// How many resources that are paid ahead cost otherwise from their renewal on.
    renewing: u64,
}

/// A figure before, after, and by how much that is more; each rounded once.
type Figures = Result<[Money; 3], MoneyError>;

impl Shown<'_> {
    fn body(&self, draft: &Draft) -> Result<Markup, MoneyError> {
        let (texts, found) = (self.signed.visit.texts(), self.found);
        let movers =
            [("h-more", texts.pay_more(), &found.rising), ("h-less", texts.pay_less(), &found.falling)];
        let mut moving = Vec::new();
        for (id, title, movers) in movers.into_iter().filter(|it| !it.2.is_empty()) {
            moving.push(self.movers(id, &title, movers)?);
        }
        let number = |it: u64| show::thousands(&it.to_string());
        Ok(html! {
            @if found.customers < self.all {
                div.banner.care role="status" { p { (texts.first_customers(found.customers, number(self.all), number(found.customers))) } }
            }
            (self.figures()?)
            (self.products()?)
            @for it in &moving { (it) }
            (self.kept()?)
            (self.failures())
            ul.also.dots {
                li {
                    (texts.impact_paid_ahead())
                    @if self.renewing > 0 { " " (texts.impact_renews(self.renewing)) }
                }
                li { (texts.impact_people()) }
            }
            (self.again(draft))
        })
    }

    fn money(&self, it: Sides) -> Figures {
        let [before, after, more] = it.amounts(self.found.currency);
        Ok([before.round()?, after.round()?, more.round()?])
    }

    fn figures(&self) -> Result<Markup, MoneyError> {
        let (texts, found) = (self.signed.visit.texts(), self.found);
        let unit = show::currency(found.currency, self.signed.visit.language);
        let number = |it: u64| show::thousands(&it.to_string());
        let [before, after, more] = self.money(found.sides)?;
        let by = found.sides.percent().map(|it| show::percent(&it)).unwrap_or_default();
        Ok(html! {
            dl.figures {
                (parts::figure(&texts.customers_with_use(), &number(found.charged), "", &html! {}))
                (parts::figure(&texts.pay_more(), &number(found.more), "", &html! {}))
                (parts::figure(&texts.pay_less(), &number(found.less), "", &html! {}))
                (parts::figure(&texts.month_before(), &show::money(before), unit, &html! {}))
                (parts::figure(&texts.month_after(), &show::money(after), unit, &html! { (show::change(more)) " " (by) }))
            }
        })
    }

    /// Before, after, the difference and its share, as cells.
    fn cells(&self, it: Sides) -> Result<Markup, MoneyError> {
        let [before, after, more] = self.money(it)?;
        let percent = it.percent().map_or_else(|| "–".to_string(), |it| show::percent(&it));
        let (texts, language) = (self.signed.visit.texts(), self.signed.visit.language);
        let was = show::labelled(&texts.month_before(), &show::money(before), language);
        Ok(html! {
            td.n.p2 { (show::money(before)) }
            td.n { (show::money(after)) span.only.s { (was) } }
            td.n { (show::change(more)) span.only.s { (percent) } }
            td.n.p2 { (percent) }
        })
    }

    fn heads(&self) -> Markup {
        let (texts, language) = (self.signed.visit.texts(), self.signed.visit.language);
        let unit = show::currency(self.found.currency, language);
        html! {
            th.n.p2 scope="col" { (show::headed(&texts.month_before(), unit, language)) }
            th.n scope="col" { (show::headed(&texts.month_after(), unit, language)) }
            th.n scope="col" { (show::headed(&texts.by_percent(), unit, language)) }
            th.n.p2 scope="col" { "%" }
        }
    }

    fn products(&self) -> Result<Markup, MoneyError> {
        let (signed, texts) = (self.signed, self.signed.visit.texts());
        let mut rows = Vec::new();
        for (product, components) in &self.found.products {
            for (component, sides) in components {
                rows.push((signed.product(product), self.component(product, component), self.cells(*sides)?));
            }
        }
        Ok(html! {
            section aria-labelledby="h-products" {
                div.sect { h2 id="h-products" { (texts.by_product()) } }
                @if rows.is_empty() { p.quiet { (texts.no_use_in_month()) } } @else {
                    table.table {
                        thead { tr { th scope="col" { (texts.product()) } th scope="col" { (texts.component()) } (self.heads()) } }
                        tbody { @for (product, component, cells) in &rows { tr { th scope="row" { (product) } td { (component) } (cells) } } }
                    }
                }
            }
        })
    }

    /// What a component is called in the book that was sent; its id where that has it no more.
    fn component(&self, product: &str, component: &str) -> String {
        let product = self.asked.after.product(product);
        let found = product.and_then(|it| it.components.iter().find(|it| it.id == component));
        found.map_or_else(
            || component.to_string(),
            |it| it.label.or(&it.name).get(self.signed.visit.language).to_string(),
        )
    }

    fn movers(&self, id: &str, title: &str, movers: &[Mover]) -> Result<Markup, MoneyError> {
        let texts = self.signed.visit.texts();
        let mut rows = Vec::new();
        for it in movers {
            rows.push((format!("/operator/customers/{}", it.account), &it.name, self.cells(it.sides)?));
        }
        Ok(html! {
            section aria-labelledby=(id) {
                div.sect { h2 id=(id) { (title) } p { (texts.most_first()) } }
                table.table {
                    thead { tr { th scope="col" { (texts.customer()) } (self.heads()) } }
                    tbody { @for (to, name, cells) in &rows { tr { th scope="row" { a href=(to) { (name) } } (cells) } } }
                }
            }
        })
    }

    /// What the book has no price for, and why.
    fn kept(&self) -> Result<Markup, MoneyError> {
        let (signed, texts, found) = (self.signed, self.signed.visit.texts(), self.found);
        let mut rows = Vec::new();
        for ((product, why), it) in &found.kept {
            let alone = Amount::from_e8(it.before_e8, found.currency).round()?;
            rows.push((signed.product(product), it, why, alone));
        }
        Ok(html! {
            @if !rows.is_empty() {
                section aria-labelledby="h-kept" {
                    div.sect { h2 id="h-kept" { (texts.keeps_price()) } p { (texts.keeps_price_hint()) } }
                    table.table {
                        thead {
                            tr {
                                th scope="col" { (texts.product()) }
                                th.n scope="col" { (texts.resources()) }
                                th.n.p2 scope="col" { (texts.by_themselves()) }
                                th scope="col" { (texts.why()) }
                            }
                        }
                        tbody {
                            @for (product, it, why, alone) in &rows {
                                tr {
                                    th scope="row" { (product) span.only.s { (show::labelled(&texts.by_themselves(), &show::money(*alone), signed.visit.language)) } }
                                    td.n { (show::thousands(&it.resources.to_string())) }
                                    td.n.p2 { (show::money(*alone)) }
                                    td lang="en" { (why) span.s { (it.example) } }
                                }
                            }
                        }
                    }
                }
            }
        })
    }

    /// Customers that are on neither side, each with why.
    fn failures(&self) -> Markup {
        let (texts, found) = (self.signed.visit.texts(), self.found);
        html! {
            @if found.failed > 0 {
                section aria-labelledby="h-failed" {
                    div.sect { h2 id="h-failed" { (texts.left_out_of_impact(found.failed)) } p { (texts.left_out_of_impact_hint()) } }
                    ul.dots { @for (name, why) in &found.failures { li { (name) ": " (self.why(why)) } } }
                }
            }
        }
    }

    /// Why a customer is left out.
    fn why(&self, why: &str) -> Markup {
        html! {
            @if why == OWN_PRICES { (self.signed.visit.texts().impact_own_prices()) } @else { span lang="en" { (why) } }
        }
    }

    /// The same for another month, and the way back to what the book changes.
    fn again(&self, draft: &Draft) -> Markup {
        let (visit, texts) = (&self.signed.visit, self.signed.visit.texts());
        html! {
            @if self.signed.may(Right::Books) {
                (price_proposals::form(self.signed, draft, (&Fields::default(), self.asked.month.name.as_str()), None))
            }
            (proposal::impact_form(self.signed, draft, &self.asked.month.name))
            form method="post" action="/operator/books/new" {
                (parts::hidden(visit))
                input type="hidden" name="text" value=(draft.text);
                input type="hidden" name="from" value=(draft.from);
                p.acts.gap { button.btn { (texts.back_to_book()) } }
            }
        }
    }
}
