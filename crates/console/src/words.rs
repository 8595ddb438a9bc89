//! Words for closed sets: roles, kinds of bills, purses.
//!
//! In:  a value. Out: its word in a language.
//! Invariant: a new value without a word does not compile.

use crate::resource_words;
use crate::signed::Signed;
use billing::book::{OptionKind, OptionRule};
use billing::control::{option_name, value_name};
use billing::language::{self, Language};
use billing::letter::{MailState, Topic};
use billing::offer;
use billing::order::{Outcome, State};
use billing::pack::PackState;
use billing::provision;
use billing::reading::Reason;
use billing::resource;
use billing::sales;
use billing::user::{House, Role};
use billing::wallet::Purse;
use desk::jobs::Job;
use desk::lists::wallet::Movement;
use maud::{Markup, html};
use texts::Texts;
use units::{CycleKind, Unit};

/// What a role is called.
pub(crate) fn role(texts: &Texts, role: Role) -> String {
    match role {
        Role::Owner => texts.role_owner(),
        Role::Buyer => texts.role_buyer(),
        Role::Finance | Role::Treasurer => texts.role_finance(),
        Role::Reader => texts.role_read_only(),
        Role::Administrator => texts.role_administrator(),
        Role::Sales => texts.role_sales(),
        Role::Support => texts.role_support(),
    }
}

/// What a role may do, in a sentence.
pub(crate) fn role_hint(texts: &Texts, role: Role) -> String {
    match role {
        Role::Owner => texts.role_owner_hint(),
        Role::Buyer => texts.role_buyer_hint(),
        Role::Finance => texts.role_finance_hint(),
        Role::Reader => texts.role_read_only_hint(),
        Role::Administrator => texts.role_administrator_hint(),
        Role::Sales | Role::Support => texts.role_sales_hint(),
        Role::Treasurer => texts.role_operator_finance_hint(),
    }
}

/// What the page of those who work for a house is called.
pub(crate) fn people(texts: &Texts, house: House) -> String {
    match house {
        House::Operator => texts.users(),
        House::Account(_) => texts.members(),
    }
}

/// Where an offer stands.
pub(crate) fn offer_state(texts: &Texts, state: offer::State) -> String {
    match state {
        offer::State::Open => texts.offer_open(),
        offer::State::Accepted => texts.offer_accepted(),
        offer::State::Declined => texts.offer_declined(),
        offer::State::Withdrawn => texts.offer_withdrawn(),
        offer::State::Expired => texts.offer_expired(),
    }
}

/// Where a request to sales stands.
pub(crate) fn request_state(texts: &Texts, state: sales::State) -> String {
    match state {
        sales::State::Open => texts.request_open(),
        sales::State::Answered => texts.request_answered(),
        sales::State::Declined => texts.request_declined_state(),
        sales::State::Withdrawn => texts.request_withdrawn_state(),
    }
}

/// What a unit is called.
pub(crate) const fn unit(unit: Unit, language: Language) -> &'static str {
    language::unit(unit, language)
}

/// What a movement of money was; a kind that this program does not know is shown as it is.
pub(crate) fn movement(texts: &Texts, it: &Movement) -> String {
    match it.kind.as_str() {
        "deduct" if it.debit == Purse::Revenue => texts.move_given_back(),
        "recharge" => texts.move_recharge(),
        "withdraw" => texts.move_withdraw(),
        "deduct" => texts.move_deduct(),
        "refund" => texts.move_refund(),
        "card_refund" if it.debit == Purse::Clearing && it.credit != Purse::Bank => texts.move_card_kept(),
        "card_refund" => texts.move_card_refund(),
        "freeze" => texts.move_freeze(),
        "unfreeze" => texts.move_unfreeze(),
        "hold" if matches!(it.debit, Purse::FrozenCash | Purse::FrozenBonus | Purse::FrozenIncome) => {
            texts.move_unfreeze()
        }
        "hold" => texts.move_hold(),
        "debt" => texts.move_debt(),
        other => other.to_string(),
    }
}

/// What a purse is called.
pub(crate) fn purse(texts: &Texts, purse: Purse) -> String {
    match purse {
        Purse::Cash => texts.cash(),
        Purse::Bonus => texts.bonus(),
        Purse::Income => texts.income(),
        Purse::FrozenCash | Purse::FrozenBonus | Purse::FrozenIncome => texts.purse_frozen(),
        Purse::Owed => texts.purse_owed(),
        Purse::Bank => texts.bank(),
        Purse::Grants => texts.grants(),
        Purse::Revenue => texts.revenue(),
        Purse::Vouchers => texts.vouchers(),
        Purse::Clearing => texts.clearing(),
    }
}

/// How far an order is.
pub(crate) fn order_state(texts: &Texts, state: State) -> String {
    match state {
        State::Unpaid => texts.order_unpaid(),
        State::Paying => texts.order_paying(),
        State::Paid | State::Delivering => texts.being_set_up(),
        State::Delivered => texts.order_delivered(),
        State::DeliveryFailed => texts.order_failed(),
        State::Closed => texts.order_closed(),
        State::Expired => texts.order_expired(),
        State::Invalid => texts.order_invalid(),
        State::Refunded => texts.refunded(),
    }
}

/// How an order came out.
pub(crate) fn outcome(texts: &Texts, it: Outcome) -> String {
    match it {
        Outcome::Open => texts.outcome_open(),
        Outcome::Complete => texts.outcome_complete(),
        Outcome::Partial => texts.delivered_in_part(),
        Outcome::Failed => texts.outcome_failed(),
    }
}

/// In what the values of an option are counted, where they are.
pub(crate) fn measure(rule: &OptionRule, in_language: Language) -> Option<String> {
    let said = rule.look.measure.as_ref().map(|it| it.get(in_language).to_string());
    said.or(match rule.kind {
        OptionKind::Range { unit, .. } => Some(language::unit(unit, in_language).to_string()),
        OptionKind::Region | OptionKind::Zone | OptionKind::Choice(_) | OptionKind::Spec(_) => None,
    })
}

/// An option and its value as people read them, by the book of now; as they are written where that does not know them.
pub(crate) fn option(signed: &Signed, product: &str, option: &str, value: &str) -> (String, String) {
    let (books, language) = (signed.books(), signed.visit.language);
    let found = books.iter().find_map(|book| {
        let product = book.product(product)?;
        Some((book, product, product.option(option)?))
    });
    let Some((book, product, rule)) = found else { return (option.to_string(), value.to_string()) };
    let measure = measure(rule, language).map_or_else(String::new, |it| format!(" {it}"));
    let name = option_name(product, &rule.name).get(language).to_string();
    (name, format!("{}{measure}", value_name(book, rule, value).get(language)))
}

/// Options in the order in which their product has them; what it does not know comes last.
pub(crate) fn in_order(
    signed: &Signed,
    product: &str,
    mut all: Vec<(String, String)>,
) -> Vec<(String, String)> {
    let books = signed.books();
    let rules =
        books.iter().find_map(|book| book.product(product)).map_or(&[][..], |it| it.options.as_slice());
    all.sort_by_key(|it| rules.iter().position(|rule| rule.name == it.0).unwrap_or(rules.len()));
    all
}

/// What a meter is called that no price book names; any but the common ones by its id.
pub(crate) fn meter(texts: &Texts, id: &str) -> String {
    match id {
        "traffic_in" => texts.meter_traffic_in(),
        "traffic_out" => texts.meter_traffic_out(),
        other => other.replace('_', " "),
    }
}

/// The same with its shape and colour.
pub(crate) fn state_pill(texts: &Texts, state: resource::State) -> Markup {
    let word = resource_words::state(texts, state);
    match state {
        resource::State::Pending | resource::State::Releasing => html! { span.pill.busy { (word) } },
        resource::State::Running => html! { span.pill.ok { (word) } },
        resource::State::Stopped | resource::State::StoppedFree | resource::State::Recycled => {
            html! { span.pill.off { (word) } }
        }
        resource::State::Limited | resource::State::Expired => html! { span.pill.care { (word) } },
        resource::State::ArrearsStopped | resource::State::Failed => html! { span.pill.bad { (word) } },
        resource::State::Released => html! { span.pill.end { (word) } },
    }
}

/// What a job is called.
pub(crate) fn job(texts: &Texts, job: Job) -> String {
    match job {
        Job::BeginBooks => texts.job_begin_books(),
        Job::Corrections => texts.job_corrections(),
        Job::Settle => texts.job_settle(),
        Job::Arrears => texts.job_arrears(),
        Job::Life => texts.job_life(),
        Job::TimeOuts => texts.job_time_outs(),
        Job::Renewals => texts.job_renewals(),
        Job::Reminders => texts.job_reminders(),
        Job::Deliveries => texts.job_deliveries(),
        Job::OldEvents => texts.job_old_events(),
        Job::Alerts => texts.job_alerts(),
        Job::Budgets => texts.job_budgets(),
        Job::Statements => texts.job_statements(),
        Job::PriceNotices => texts.job_price_notices(),
        Job::BillSums => texts.job_bill_sums(),
    }
}

/// What a kind of cycle is called.
pub(crate) fn cycle(texts: &Texts, kind: CycleKind) -> String {
    match kind {
        CycleKind::Hour => texts.cycle_hour(),
        CycleKind::Day => texts.cycle_day(),
        CycleKind::Month => texts.cycle_month(),
    }
}

/// Why a reading is kept aside.
pub(crate) fn reason(texts: &Texts, reason: Reason) -> String {
    match reason {
        Reason::UnknownResource => texts.reason_unknown_resource(),
        Reason::UnknownMeter => texts.reason_unknown_meter(),
        Reason::NotDelivered => texts.reason_not_delivered(),
        Reason::NotRunning => texts.reason_not_running(),
        Reason::NoPrice => texts.reason_no_price(),
        Reason::Conflict => texts.reason_conflict(),
        Reason::LateForPeak => texts.reason_late_for_peak(),
        Reason::TooLate => texts.reason_too_late(),
        Reason::NotACounter => texts.reason_not_a_counter(),
    }
}

/// What to do about readings that are kept aside for a reason.
pub(crate) fn reason_hint(texts: &Texts, reason: Reason) -> String {
    match reason {
        Reason::UnknownResource => texts.hint_unknown_resource(),
        Reason::UnknownMeter => texts.hint_unknown_meter(),
        Reason::NotDelivered => texts.hint_not_delivered(),
        Reason::NotRunning => texts.hint_not_running(),
        Reason::NoPrice => texts.hint_no_price(),
        Reason::Conflict => texts.hint_conflict(),
        Reason::LateForPeak | Reason::TooLate => texts.hint_too_late(),
        Reason::NotACounter => texts.hint_not_a_counter(),
    }
}

/// How a pack stands.
pub(crate) fn pack_state(texts: &Texts, state: PackState) -> Markup {
    match state {
        PackState::Scheduled => html! { span.pill.off { (texts.pack_scheduled()) } },
        PackState::Active => html! { span.pill.ok { (texts.pack_active()) } },
        PackState::Exhausted => html! { span.pill.end { (texts.pack_exhausted()) } },
        PackState::Expired => html! { span.pill.end { (texts.pack_expired()) } },
        PackState::Refunded => html! { span.pill.end { (texts.refunded()) } },
    }
}

/// How far an order is, each state by a word of its own.
pub(crate) fn order_state_exactly(texts: &Texts, state: State) -> String {
    match state {
        State::Paid => texts.order_paid(),
        State::Delivering => texts.order_delivering(),
        State::Unpaid
        | State::Paying
        | State::Delivered
        | State::DeliveryFailed
        | State::Closed
        | State::Expired
        | State::Invalid
        | State::Refunded => order_state(texts, state),
    }
}

/// What the cloud is asked to do.
pub(crate) fn task_kind(texts: &Texts, kind: provision::Kind) -> String {
    match kind {
        provision::Kind::Provision => texts.task_provision(),
        provision::Kind::Change => texts.task_change(),
        provision::Kind::Stop => texts.task_stop(),
        provision::Kind::Start => texts.task_start(),
        provision::Kind::Release => texts.task_release(),
    }
}

/// How a task of the cloud stands.
pub(crate) fn task_state(texts: &Texts, state: provision::State) -> String {
    match state {
        provision::State::Open => texts.task_open(),
        provision::State::Waiting => texts.task_waiting(),
        provision::State::Done => texts.task_done(),
        provision::State::Failed => texts.task_failed(),
        provision::State::GivenUp => texts.task_given_up(),
    }
}

/// The same with its shape and colour.
pub(crate) fn task_pill(texts: &Texts, state: provision::State) -> Markup {
    let word = task_state(texts, state);
    match state {
        provision::State::Open => html! { span.pill.busy { (word) } },
        provision::State::Waiting => html! { span.pill.care { (word) } },
        provision::State::Done => html! { span.pill.ok { (word) } },
        provision::State::Failed => html! { span.pill.bad { (word) } },
        provision::State::GivenUp => html! { span.pill.end { (word) } },
    }
}

/// What a correction by people was; a kind that this program does not know is shown as it is.
pub(crate) fn correction(texts: &Texts, kind: &str) -> String {
    match kind {
        "void" => texts.correction_void(),
        "replace" => texts.correction_replace(),
        "credit" => texts.correction_credit(),
        "debit" => texts.correction_debit(),
        "rerate" => texts.correction_rerate(),
        other => other.to_string(),
    }
}

/// What an address is for.
pub(crate) fn topic(texts: &Texts, topic: Topic) -> String {
    match topic {
        Topic::Finance => texts.topic_finance(),
        Topic::Technical => texts.topic_technical(),
        Topic::Person => texts.topic_person(),
    }
}

/// What an address for this is told, in a sentence.
pub(crate) fn topic_hint(texts: &Texts, topic: Topic) -> String {
    match topic {
        Topic::Finance => texts.topic_finance_hint(),
        Topic::Technical => texts.topic_technical_hint(),
        Topic::Person => texts.topic_person_hint(),
    }
}

/// Where a mail stands.
pub(crate) fn mail_state(texts: &Texts, state: MailState) -> String {
    match state {
        MailState::Queued => texts.mail_queued(),
        MailState::Sent => texts.mail_sent(),
        MailState::Dead => texts.mail_dead(),
    }
}

/// What a language calls itself.
pub(crate) fn language(language: Language) -> String {
    match language {
        Language::English => "English".to_string(),
        Language::Chinese => "中文".to_string(),
    }
}
