//! What a customer has, as tables for operators.
//!
//! In:  things of one customer. Out: tables without links into pages that only the customer has.
//! Invariant: a table of the few newest and one of a whole page are the same table.

use crate::deeds;
use crate::house;
use crate::signed::Signed;
use crate::{contract_words, movements, orders, progress, show, tariff, vouchers, words, written};
use billing::contract_price::ContractPrice;
use billing::order::Order;
use billing::user::Right;
use billing::voucher::{State, Voucher};
use desk::journal;
use desk::lists::accounts::Customer;
use desk::lists::bills::NamedBill;
use desk::lists::journal::Told;
use desk::lists::keys::Key;
use desk::lists::orders::Moved;
use desk::lists::resources::Seen;
use desk::lists::users::Listed;
use desk::lists::wallet;
use maud::{Markup, html};
use units::AccountId;

/// One customer, as an operator looks at it.
pub(crate) struct Looked<'a> {
    pub signed: &'a Signed,
    pub customer: &'a Customer,
}

impl Looked<'_> {
    pub(crate) fn unit(&self) -> &'static str {
        show::currency(self.customer.account.currency, self.signed.visit.language)
    }

    const fn id(&self) -> AccountId {
        self.customer.account.id
    }

    pub(crate) fn resources(&self, all: &[Seen]) -> Markup {
        let (signed, texts) = (self.signed, self.signed.visit.texts());
        html! {
            table.table {
                thead { tr { th scope="col" { (texts.name()) } th scope="col" { (texts.state()) } th.p2 scope="col" { (texts.address()) } } }
                tbody {
                    @for it in all {
                        @let resource = &it.shown.resource;
                        tr.dim[resource.state.is_over()] {
                            th scope="row" { (signed.called(resource)) span.s { (signed.product(&resource.product)) } }
                            td { (words::state_pill(texts, resource.state)) }
                            td.p2 { @match &resource.address { Some(address) => code { (address) }, None => "–" } }
                        }
                    }
                }
            }
        }
    }

    pub(crate) fn orders(&self, all: &[Order], moved: &Moved) -> Markup {
        let (signed, texts) = (self.signed, self.signed.visit.texts());
        html! {
            table.table {
                thead { tr { th scope="col" { (texts.what()) } th scope="col" { (texts.state()) } th.n scope="col" { (texts.amount(self.unit())) } } }
                tbody {
                    @for it in all {
                        tr {
                            th scope="row" {
                                a href=(format!("{}/orders/{}", house::address(self.id()), it.id)) { (signed.product(&it.product)) }
                                span.s { @if !it.name.is_empty() { (it.name) " · " } (signed.visit.exact_time(it.created)) }
                            }
                            td { (progress::how_far(signed, it)) }
                            td.n { (orders::listed(it, moved)) }
                        }
                    }
                }
            }
        }
    }

    /// Contract prices: what for, how much, from when on.
    pub(crate) fn contracts(&self, all: &[ContractPrice]) -> Markup {
        let (signed, texts) = (self.signed, self.signed.visit.texts());
        html! {
            table.table {
                thead { tr { th scope="col" { (texts.component()) } th.n scope="col" { (texts.amount(self.unit())) } th.p2 scope="col" { (texts.holds_from()) } } }
                tbody {
                    @for it in all {
                        tr {
                            th scope="row" { (signed.product(&it.product)) span.s { (contract_words::component(signed, it)) " " code { (it.component) } " " (contract_words::chosen(signed, it)) } }
                            td.n { (tariff::short(it.amount)) @if let Some(per) = contract_words::per(signed, it) { span.s { (per) } } }
                            td.p2.pre { (signed.visit.exact_time(it.from)) }
                        }
                    }
                }
            }
        }
    }

    /// Vouchers: which, where each stands, and how much of it is left.
    pub(crate) fn vouchers(&self, all: &[Voucher]) -> Markup {
        let (visit, texts) = (&self.signed.visit, self.signed.visit.texts());
        html! {
            table.table {
                thead { tr { th scope="col" { (texts.name()) } th scope="col" { (texts.state()) } th.n scope="col" { (texts.left()) } } }
                tbody {
                    @for it in all {
                        @let standing = it.state_at(visit.now);
                        tr.dim[!matches!(standing, State::Unused | State::Frozen)] {
                            th scope="row" { (it.name) span.s { (visit.exact_time(it.window.until)) } }
                            td { (vouchers::state(texts, standing)) }
                            td.n { (vouchers::left(texts, it)) }
                        }
                    }
                }
            }
        }
    }

    /// Bills of a month, with a way to correct each where the role may.
    pub(crate) fn bills(&self, all: &[NamedBill]) -> Markup {
        let (signed, texts) = (self.signed, self.signed.visit.texts());
        let may = signed.may(Right::Money);
        html! {
            table.table {
                thead {
                    tr {
                        th scope="col" { (texts.what()) }
                        th.p2 scope="col" { (texts.charged()) }
                        th.n scope="col" { (texts.amount(self.unit())) }
                        @if may { th scope="col" { span.sr { (texts.actions()) } } }
                    }
                }
                tbody {
                    @for it in all {
                        @let name = if it.name.is_empty() { signed.product(&it.bill.product) } else { it.name.clone() };
                        tr {
                            th scope="row" {
                                a href=(format!("{}/bills/{}", house::address(self.id()), it.bill.id)) { (name) }
                                span.s { (signed.visit.exact_time(it.bill.from)) }
                                span.only.s { (it.bill.kind.text().get(signed.visit.language)) }
                            }
                            td.p2 { (it.bill.kind.text().get(signed.visit.language)) }
                            td.n { (show::money(it.bill.total)) }
                            @if may {
                                td.one {
                                    @if it.bill.kind != billing::bill::Kind::Correction {
                                        a href=(format!("{}/correct?bill={}", house::address(self.id()), it.bill.id)) aria-label=(format!("{}: {name}", texts.correct())) {
                                            (texts.correct())
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    pub(crate) fn movements(&self, all: &[wallet::Told]) -> Markup {
        let (visit, texts, place) =
            (&self.signed.visit, self.signed.visit.texts(), house::address(self.id()));
        html! {
            table.table {
                thead {
                    tr {
                        th scope="col" { (texts.at()) }
                        th scope="col" { (texts.what()) }
                        th.n scope="col" { (texts.amount(self.unit())) }
                        th.n.p2 scope="col" { (texts.balance_after(self.unit())) }
                    }
                }
                tbody {
                    @for it in all {
                        tr {
                            th scope="row" { (visit.exact_time(it.entry.movement.at)) }
                            td {
                                (words::movement(texts, &it.entry.movement)) (movements::cause(self.signed, it, &place))
                                span.only.s { (show::labelled(&texts.balance_after(self.unit()), &show::money(it.entry.balance), visit.language)) }
                            }
                            td.n { (movements::signed_sum(&it.entry.movement)) }
                            td.n.p2 { (show::money(it.entry.balance)) }
                        }
                    }
                }
            }
        }
    }

    pub(crate) fn users(&self, all: &[Listed]) -> Markup {
        let texts = self.signed.visit.texts();
        html! {
            table.table {
                thead { tr { th scope="col" { (texts.name()) } th scope="col" { (texts.role()) } th.p2 scope="col" { (texts.second_factor()) } } }
                tbody {
                    @for it in all {
                        tr {
                            th scope="row" { (it.user.name) span.s { (it.user.mail) } }
                            td { (words::role(texts, it.user.role)) @if !it.can_sign_in { span.s { (texts.invited()) } } }
                            td.p2 { @if it.has_second { (texts.yes()) } @else { "–" } }
                        }
                    }
                }
            }
        }
    }

    pub(crate) fn keys(&self, all: &[Key]) -> Markup {
        let (visit, texts) = (&self.signed.visit, self.signed.visit.texts());
        html! {
            table.table {
                thead { tr { th scope="col" { (texts.name()) } th scope="col" { (texts.scopes()) } th scope="col" { (texts.last_used()) } } }
                tbody {
                    @for it in all {
                        tr.dim[it.revoked.is_some()] {
                            th scope="row" { (it.name) span.s { (key_state(self.signed, it)) } }
                            td { (it.scopes) }
                            td { @match it.last_used { Some(at) => (visit.exact_time(at)), None => (texts.never()) } }
                        }
                    }
                }
            }
        }
    }
}

/// Whether a key holds, and until when.
pub(crate) fn key_state(signed: &Signed, it: &Key) -> String {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    match (it.revoked, it.expires) {
        (Some(at), _) => texts.key_revoked(visit.time(at)),
        (None, Some(at)) if at <= visit.now => texts.key_expired(visit.time(at)),
        (None, Some(at)) => texts.until(visit.time(at)),
        (None, None) => texts.key_holds(),
    }
}

/// Entries of the audit log, with whose they are.
pub(crate) fn log(signed: &Signed, all: &[Told]) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        table.table.log {
            thead {
                tr {
                    th scope="col" { (texts.at_in(visit.calendar.zone())) }
                    th scope="col" { (texts.by_whom_done()) }
                    th scope="col" { (texts.what()) }
                    th.p2 scope="col" { (texts.customer()) }
                }
            }
            tbody {
                @for it in all {
                    tr {
                        th scope="row" { (visit.exact_time(it.entry.at)) }
                        td {
                            @match &it.by {
                                Some(name) => { (name) span.s.id { (it.entry.actor) } }
                                None => {
                                    @if it.entry.actor == journal::COMMAND_LINE { (texts.command_line()) }
                                    @else { span.id { (it.entry.actor) } }
                                }
                            }
                        }
                        td {
                            @match deeds::name(texts, &it.entry.operation) {
                                Some(name) => { (name) span.s.id { (it.entry.operation) } }
                                None => span.id { (it.entry.operation) },
                            }
                            (written::fields(visit, &it.entry.operation, &it.entry.body))
                        }
                        td.p2 { @match &it.account { Some((id, name)) => (house::link(*id, name)), None => "–" } }
                    }
                }
            }
        }
    }
}
