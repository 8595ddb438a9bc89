//! What a mail says, before it is text or HTML: a title, paragraphs, figures, one way on, and the small print.
//!
//! In:  what a letter tells. Out: its parts, in one language.
//! Invariant: one mail leads to one page of the console.

use crate::to::{Reader, To};
use crate::words;
use billing::bill::Kind;
use billing::control::{option_name, value_name};
use billing::language::Language;
use billing::letter::LetterKind;
use billing::order::{Action, Order};
use billing::refund::Way;
use billing::resource::Resource;
use billing::text::Text;
use billing::when::{day, in_sentence, money};
use desk::Desk;
use desk::letters::{Back, Told};
use desk::refunds::Seen;
use texts::Texts;
use units::Money;

/// The parts of a mail.
#[derive(Clone, Debug, Default)]
pub struct Body {
    pub subject: String,
    pub title: String,
    pub paragraphs: Vec<String>,
    /// What, and how much or which.
    pub rows: Vec<(String, String)>,
    /// The last row, which adds up the others.
    pub total: Option<(String, String)>,
    /// What a button says, and the address behind it.
    pub action: Option<(String, String)>,
    /// Why it came, and what can be done about that.
    pub small: Vec<String>,
    /// What a link in the small print says, and where it leads.
    pub links: Vec<(String, String)>,
}

/// Who writes: what is needed to say it.
struct Writer<'a> {
    desk: &'a Desk,
    to: &'a To<'a>,
    texts: &'static Texts,
}

/// The parts of what `told` says.
pub fn body(desk: &Desk, told: &Told, to: &To<'_>) -> Body {
    let writer = Writer { desk, to, texts: texts::of(to.language) };
    let mut body = writer.of(told);
    if body.subject.is_empty() {
        body.subject.clone_from(&body.title);
    }
    writer.small(&mut body);
    body
}

impl Writer<'_> {
    fn of(&self, told: &Told) -> Body {
        match told {
            Told::Notice(said) => Body {
                title: said.title.get(self.to.language).to_string(),
                paragraphs: vec![said.sentence.get(self.to.language).to_string()],
                action: self.action_of_notice(),
                ..Body::default()
            },
            Told::Receipt { orders, total, card } => self.receipt(orders, *total, *card),
            Told::Delivered { order, resources, back } => self.delivered(order, resources, *back),
            Told::Failed { order, back } => self.failed(order, *back),
            Told::Refund(it) => self.refund(it),
            Told::Lowered { order, back } => self.lowered(order, *back),
            Told::Stopped { at } => Body {
                title: self.texts.mail_stopped_title(),
                paragraphs: vec![self.texts.mail_stopped(self.time(*at))],
                action: self.action(self.texts.mail_see_balance(), "/"),
                ..Body::default()
            },
            Told::Ended { at, resource } => self.ended(&self.time(*at), resource.as_deref()),
            Told::Statement { month, sum, products } => {
                let shown = day(month, self.to.language);
                let rows = products.iter().map(|it| (self.product(&it.product), self.money(it.sum.total)));
                let total = self.money(sum.total);
                Body {
                    title: self.texts.mail_statement_title(&shown, &total),
                    paragraphs: vec![self.texts.mail_statement(&shown)],
                    rows: rows.collect(),
                    total: Some((self.texts.mail_deducted(), total)),
                    action: self.action(self.texts.mail_see_statement(), &format!("/bills/{month}")),
                    ..Body::default()
                }
            }
            Told::SignIn { at, address, agent } => self.sign_in(&self.time(*at), address, agent),
            Told::Invitation { house, role, link, until } => {
                let role = words::role(self.texts, *role);
                let where_to = match house {
                    Some(name) => self.texts.mail_invited_to(name, &role),
                    None => self.texts.mail_invited(&role),
                };
                Body {
                    title: self.texts.mail_invitation_title(),
                    paragraphs: vec![where_to, self.texts.mail_invited_until(self.time(*until))],
                    action: self.action(self.texts.mail_set_password(), &format!("/invitation/{link}")),
                    ..Body::default()
                }
            }
            Told::Test => Body {
                title: self.texts.mail_test_title(),
                paragraphs: vec![self.texts.mail_test()],
                ..Body::default()
            },
        }
    }

    fn receipt(&self, orders: &[Order], total: Money, card: Option<Money>) -> Body {
        let rows = orders.iter().map(|it| (self.order(it), self.money(it.total)));
        let none = Money::zero(total.currency());
        let vouchers = orders.iter().try_fold(none, |sum, it| sum.checked_add(it.vouchers()?)).ok();
        let vouchers = vouchers.filter(|it| it.is_positive()).and_then(|it| it.checked_neg().ok());
        let rows = rows.chain(vouchers.map(|it| (self.texts.from_vouchers(), self.money(it))));
        let path = match orders {
            [one] => format!("/orders/{}", one.id),
            [] | [_, ..] => "/orders".to_string(),
        };
        let paid = match card {
            None => self.texts.mail_receipt(),
            Some(card) if card == total => self.texts.mail_receipt_card(),
            Some(card) => self.texts.mail_receipt_both(self.money(card)),
        };
        let total = self.money(total);
        Body {
            title: self.texts.mail_receipt_title(&total),
            paragraphs: vec![paid],
            rows: rows.collect(),
            total: Some((self.texts.mail_paid(), total)),
            action: self.action(self.texts.mail_see_order(), &path),
            ..Body::default()
        }
    }

    fn delivered(&self, order: &Order, resources: &[Resource], back: Option<Back>) -> Body {
        let name = self.order_name(order);
        let address = |it: &Resource| it.address.clone().unwrap_or_else(|| self.texts.mail_no_address());
        let is_reached = resources.iter().any(|it| it.address.is_some());
        let rows = resources.iter().filter(|_| is_reached).map(|it| (self.called(it), address(it)));
        let mut paragraphs = Vec::new();
        if let Some(back) = back {
            paragraphs.push(self.texts.mail_partly());
            paragraphs.extend(self.back(back));
        }
        paragraphs.push(match is_reached {
            true => self.texts.mail_delivered(),
            false => self.texts.mail_delivered_plain(),
        });
        let path = match resources {
            [one] => format!("/resources/{}", one.id),
            [] | [_, ..] => format!("/orders/{}", order.id),
        };
        Body {
            title: match back {
                Some(_) => self.texts.mail_partly_title(name),
                None => self.texts.mail_delivered_title(name),
            },
            paragraphs,
            rows: rows.collect(),
            action: self.action(self.texts.mail_see_resource(), &path),
            ..Body::default()
        }
    }

    /// What becomes of the money of what did not come.
    fn back(&self, back: Back) -> Vec<String> {
        let mut said = Vec::new();
        if back.free.is_positive() {
            said.push(self.texts.mail_back(self.money(back.free)));
        }
        if back.card.is_positive() {
            said.push(self.texts.mail_card_free());
        }
        if said.is_empty() {
            said.push(self.texts.mail_nothing_paid());
        }
        said
    }

    fn failed(&self, order: &Order, back: Back) -> Body {
        let (mut paragraphs, name) = (self.back(back), self.order_name(order));
        let (title, hint) = match order.action {
            Action::New => (self.texts.mail_failed_title(name), self.texts.mail_failed()),
            Action::Renew => (self.texts.mail_not_renewed_title(name), self.texts.mail_not_renewed()),
            Action::Upgrade | Action::Downgrade => {
                (self.texts.mail_not_changed_title(name), self.texts.mail_not_changed())
            }
            Action::Convert => (self.texts.mail_not_converted_title(name), self.texts.mail_not_converted()),
        };
        paragraphs.push(hint);
        Body {
            title,
            paragraphs,
            action: self.action(self.texts.mail_see_order(), &format!("/orders/{}", order.id)),
            ..Body::default()
        }
    }

    /// What went back of something, and where to.
    fn refund(&self, it: &Seen) -> Body {
        let (texts, total) = (self.texts, self.money(it.total));
        let goes_on = it.refund.way == Way::Converted;
        let name = if it.name.is_empty() { self.product(&it.product) } else { it.name.clone() };
        let [bonus, cash, income] = it.paid.purses().kinds();
        let to_cards = it.to_cards.checked_neg().unwrap_or(it.to_cards);
        let places = [
            (texts.mail_refund_card(), to_cards),
            (texts.mail_refund_cash(), cash.checked_sub(to_cards).unwrap_or(cash)),
            (texts.mail_refund_bonus(), bonus),
            (texts.mail_refund_income(), income),
            (texts.mail_refund_owed(), it.paid.owed()),
        ];
        let back = |(label, money): (String, Money)| {
            let back = money.checked_neg().ok().filter(|it| it.is_positive())?;
            Some((label, self.money(back)))
        };
        Body {
            title: if goes_on {
                texts.mail_by_use_title(name, &total)
            } else {
                texts.mail_refund_title(name, &total)
            },
            paragraphs: vec![if goes_on { texts.mail_by_use() } else { texts.mail_refund() }],
            rows: places.into_iter().filter_map(back).collect(),
            total: Some((texts.mail_refunded(), total)),
            action: self.action(texts.mail_see_refund(), &format!("/refunds/{}", it.refund.id)),
            ..Body::default()
        }
    }

    /// What something has by a downgrade, and what came back.
    fn lowered(&self, it: &Order, back: Money) -> Body {
        let (texts, name, sum) = (self.texts, self.order_name(it), self.money(back));
        let (title, paragraph) = match back.is_zero() {
            true => (texts.mail_lowered_title(&name), texts.mail_lowered_nothing()),
            false => (texts.mail_lowered_back_title(&name, &sum), texts.mail_lowered()),
        };
        Body {
            title,
            paragraphs: vec![paragraph],
            rows: self.changed(it),
            total: (!back.is_zero()).then(|| (texts.refund_went_back(), sum)),
            action: self.action(texts.mail_see_order(), &format!("/orders/{}", it.id)),
            ..Body::default()
        }
    }

    /// The options of an order that were others before it, as its product calls them.
    fn changed(&self, it: &Order) -> Vec<(String, String)> {
        let (had, language) = (it.had.clone().unwrap_or_default(), self.to.language);
        let book = self.desk.books.all().iter().rev().find(|book| book.product(&it.product).is_some());
        let named = |(option, value): (&str, &str)| {
            let found = book.and_then(|book| Some((book, book.product(&it.product)?)));
            let Some((book, product)) = found else { return (option.to_string(), value.to_string()) };
            let rule = product.option(option);
            let value = rule.map_or_else(|| Text::same(value), |rule| value_name(book, rule, value));
            let name = option_name(product, option);
            (name.get(language).to_string(), value.get(language).to_string())
        };
        it.options.iter().filter(|new| had.get(new.0) != Some(new.1)).map(named).collect()
    }

    /// What lies in the bin, or is gone. Source: R-EXP-1, R-EXP-4, R-ARR-8.
    fn ended(&self, at: &str, it: Option<&Resource>) -> Body {
        let (texts, name) = (self.texts, it.map(|it| self.called(it)));
        let is_gone = self.to.kind == LetterKind::ResourceReleased;
        let (title, paragraph) = match (is_gone, &name) {
            (false, Some(name)) => (texts.mail_recycled_title(name), texts.mail_recycled(at, name)),
            (false, None) => (texts.mail_recycled_owed_title(), texts.mail_recycled_owed(at)),
            (true, Some(name)) => (texts.mail_released_title(name), texts.mail_released(at, name)),
            (true, None) => (texts.mail_released_owed_title(), texts.mail_released_owed(at)),
        };
        Body {
            title,
            paragraphs: vec![paragraph],
            action: self.action(texts.mail_see_resources(), "/resources"),
            ..Body::default()
        }
    }

    fn money(&self, it: Money) -> String {
        money(it, self.to.language)
    }

    fn sign_in(&self, at: &str, address: &str, agent: &str) -> Body {
        let mut rows =
            vec![(self.texts.mail_when(), at.to_string()), (self.texts.mail_address(), address.to_string())];
        if !agent.is_empty() {
            rows.push((self.texts.mail_browser(), agent.to_string()));
        }
        Body {
            title: self.texts.mail_sign_in_title(),
            paragraphs: vec![self.texts.mail_sign_in()],
            rows,
            action: self.action(self.texts.mail_see_sessions(), "/security"),
            ..Body::default()
        }
    }

    /// What to do about a notice, and where.
    fn place(&self) -> (String, &'static str) {
        let texts = self.texts;
        match self.to.kind {
            LetterKind::BalanceLow | LetterKind::InArrears => (texts.mail_see_balance(), "/"),
            LetterKind::PackLow | LetterKind::PackExhausted | LetterKind::PackExpiring => {
                (texts.mail_see_packs(), "/packs")
            }
            LetterKind::BudgetReached | LetterKind::BudgetForecast => (texts.mail_see_budgets(), "/budgets"),
            LetterKind::VoucherIssued | LetterKind::VoucherEnding => (texts.mail_see_vouchers(), "/vouchers"),
            LetterKind::CardRefundFailed => (texts.mail_see_refunds(), "/refunds"),
            LetterKind::OfferMade => (texts.mail_see_offers(), "/requests"),
            LetterKind::CommitmentAgreed | LetterKind::CreditAgreed => (texts.mail_see_balance(), "/"),
            LetterKind::PriceChange
            | LetterKind::PriceChangeUndone
            | LetterKind::ResourceExpiring
            | LetterKind::RenewalAhead
            | LetterKind::RenewalDone
            | LetterKind::RenewalFailed
            | LetterKind::ResourceExpired => (texts.mail_see_resources(), "/resources"),
            LetterKind::OrderReceipt
            | LetterKind::OrderDelivered
            | LetterKind::OrderFailed
            | LetterKind::Refund
            | LetterKind::DowngradeDone
            | LetterKind::ResourceStopped
            | LetterKind::ResourceRecycled
            | LetterKind::ResourceReleased
            | LetterKind::Statement
            | LetterKind::SignIn
            | LetterKind::Invitation
            | LetterKind::Test => (texts.mail_see_notices(), "/notices"),
        }
    }

    fn action(&self, label: String, path: &str) -> Option<(String, String)> {
        Some((label, format!("{}{path}", self.to.base)))
    }

    fn action_of_notice(&self) -> Option<(String, String)> {
        let (label, path) = self.place();
        self.action(label, path)
    }

    /// Why it came, and how to have less of it.
    fn small(&self, body: &mut Body) {
        let (texts, to) = (self.texts, self.to);
        body.small.push(match (to.kind, to.reader) {
            (LetterKind::Invitation | LetterKind::Test, _) => texts.mail_why_asked(),
            (LetterKind::SignIn, _) => texts.mail_why_sign_in(),
            (_, Reader::Person) => texts.mail_why_person(to.account),
            (_, Reader::Address) => texts.mail_why_address(to.account),
        });
        if let Some(leave) = to.leave {
            body.links.push((texts.mail_leave(words::kind(texts, to.kind)), leave.to_string()));
        }
        let chooses = to.reader == Reader::Person && to.kind.topic() != billing::letter::Topic::Person;
        if chooses {
            body.links.push((texts.mail_choose(), format!("{}/mail", to.base)));
        }
        body.small.push(texts.mail_zone(self.desk.calendar.zone()));
    }

    fn time(&self, at: units::Timestamp) -> String {
        in_sentence(at, &self.desk.calendar, self.to.language)
    }

    /// What a product is called in the newest book that has it.
    fn product(&self, id: &str) -> String {
        let found = self.desk.books.all().iter().rev().find_map(|it| it.product(id));
        found.map_or_else(
            || billing::commitment::called(id).get(self.to.language).to_string(),
            |it| it.look.label.or(&it.name).get(self.to.language).to_string(),
        )
    }

    fn order_name(&self, it: &Order) -> String {
        if it.name.is_empty() { self.product(&it.product) } else { it.name.clone() }
    }

    fn called(&self, it: &Resource) -> String {
        if it.name.is_empty() { self.product(&it.product) } else { it.name.clone() }
    }

    /// An order as a line of a receipt.
    fn order(&self, it: &Order) -> String {
        let (product, pieces) = (self.product(&it.product), it.pieces.len());
        let name = if it.name.is_empty() || it.name == product {
            product
        } else {
            match self.to.language {
                Language::English => format!("{product}, {}", it.name),
                Language::Chinese => format!("{product}，{}", it.name),
            }
        };
        let name = if pieces > 1 { format!("{pieces} × {name}") } else { name };
        let name = match (it.action, self.to.language) {
            (Action::New, _) => name,
            (Action::Renew, Language::English) => format!("{name}, {}", Kind::PrepaidRenew.text().en),
            (Action::Renew, Language::Chinese) => format!("{name}，{}", Kind::PrepaidRenew.text().zh),
            (Action::Convert, Language::English) => format!("{name}, converted to prepaid"),
            (Action::Convert, Language::Chinese) => format!("{name}，转为包年包月"),
            (Action::Upgrade | Action::Downgrade, Language::English) => {
                format!("{name}, {}", Kind::PrepaidChange.text().en)
            }
            (Action::Upgrade | Action::Downgrade, Language::Chinese) => {
                format!("{name}，{}", Kind::PrepaidChange.text().zh)
            }
        };
        match (it.months, self.to.language) {
            (0, _) => name,
            (months, Language::English) => {
                format!("{name}, {}", if months == 1 { "1 month".into() } else { format!("{months} months") })
            }
            (months, Language::Chinese) => format!("{name}，{months} 个月"),
        }
    }
}
