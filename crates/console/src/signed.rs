//! Somebody who is signed in, looking at a page; and what such a person writes.
//!
//! In:  a visit whose browser shows a session that holds. Out: who it is, in which house, what may be done there.
//! Invariant: without such a session nobody sees a page but those for signing in; a customer sees its own account alone.

use crate::fields::{Fields, TO_LOOK_AT};
use crate::state::Console;
use crate::visit::{Visit, see_other};
use crate::{lost, show};
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use billing::bill::{Bill, Kind, Line};
use billing::book::Book;
use billing::commitment;
use billing::refund::lines::{PAID, PASSED, STAYS};
use billing::resource::Resource;
use billing::user::{House, Proof, Right};
use desk::catalogue::Prices;
use desk::lists::accounts::{self, Customer};
use desk::sessions::{self, SignedIn};
use desk::{At, Refusal, Tx, journal, keys};
use providers::cards::Cards;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use units::{AccountId, Currency};
use web::clock::{Clock, real};
use web::identity::{Actor, Identity};
use web::once::{Deed, Done};
use web::problem::Problem;

/// How often it is noted that a session is used.
const NOTED: Duration = Duration::from_secs(60);

/// Somebody who is signed in.
#[derive(Clone)]
pub(crate) struct Signed {
    pub visit: Visit,
    pub who: SignedIn,
    /// The account in whose pages the person is.
    pub customer: Option<Customer>,
}

impl Signed {
    pub(crate) const fn house(&self) -> House {
        self.who.session.house
    }

    pub(crate) const fn may(&self, right: Right) -> bool {
        self.who.user.role.may(right)
    }

    /// Whether cards are taken here.
    pub(crate) fn takes_cards(&self) -> bool {
        !matches!(self.visit.node.desk().cards, Cards::Off)
    }

    /// Reads; the answer when it fails is a page that says so.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Tx<'_>, At<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Response> {
        let found = self.visit.node.read(work).await;
        found.map_err(|problem| lost::failed(&self.visit, &problem))
    }

    /// Reads what goes over many rows, beside the short operations; as `read` otherwise.
    pub(crate) async fn report<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Tx<'_>, At<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Response> {
        let found = self.visit.node.report(work).await;
        found.map_err(|problem| lost::failed(&self.visit, &problem))
    }

    /// The id that stands in a path. The answer otherwise: that there is nothing.
    pub(crate) async fn id<T: FromStr>(&self, text: &str) -> Result<T, Response> {
        match text.parse() {
            Ok(id) => Ok(id),
            Err(_) => Err(lost::nowhere(self.visit.clone()).await),
        }
    }

    /// What was worked out for a page; the answer when it cannot be is a page that says so.
    pub(crate) fn good<T, E: Into<Refusal>>(&self, found: Result<T, E>) -> Result<T, Response> {
        found.map_err(|error| lost::failed(&self.visit, &Problem::from(error.into())))
    }

    /// Whose prices these pages show: those of their account, or what everybody sees. Errors: as of `Desk::currency`.
    pub(crate) fn prices(&self) -> Result<Prices, Refusal> {
        match &self.customer {
            Some(it) => Ok(Prices::Of(it.account.id, it.account.currency)),
            None => Ok(Prices::Listed(self.currency()?)),
        }
    }

    /// The currency of the account whose pages these are; in those of the operator the one in which something is sold.
    ///
    /// Errors: as of `Desk::currency`.
    pub(crate) fn currency(&self) -> Result<Currency, Refusal> {
        match &self.customer {
            Some(it) => Ok(it.account.currency),
            None => self.visit.node.desk().currency(self.visit.now),
        }
    }

    /// The price books of now that these pages go by: that of the account, or in those of the operator one of each currency.
    pub(crate) fn books(&self) -> Vec<Arc<Book>> {
        let (desk, now) = (self.visit.node.desk(), self.visit.now);
        let own = self.customer.as_ref().map(|it| it.account.currency);
        desk.books.holding(now).filter(|it| own.is_none_or(|own| it.currency == own)).cloned().collect()
    }

    /// What a product is called in the price book of now; its id where that knows it no more.
    pub(crate) fn product(&self, id: &str) -> String {
        let books = self.books();
        let found = books.iter().find_map(|book| book.product(id));
        found.map_or_else(
            || commitment::called(id).get(self.visit.language).to_string(),
            |it| it.look.label.or(&it.name).get(self.visit.language).to_string(),
        )
    }

    /// The products of those books by their ids, each with what it is called, in the order of the books.
    pub(crate) fn products(&self) -> Vec<(String, String)> {
        let (books, language) = (self.books(), self.visit.language);
        let mut all: Vec<(String, String)> = Vec::new();
        for it in books.iter().flat_map(|it| &it.products) {
            if all.iter().all(|other| other.0 != it.id) {
                all.push((it.id.clone(), it.look.label.or(&it.name).get(language).to_string()));
            }
        }
        all
    }

    /// The regions of those books by their ids, each with what it is called, in the order of the books.
    pub(crate) fn regions(&self) -> Vec<(String, String)> {
        let (books, language) = (self.books(), self.visit.language);
        let mut all: Vec<(String, String)> = Vec::new();
        for it in books.iter().flat_map(|it| &it.regions) {
            if all.iter().all(|other| other.0 != it.id) {
                all.push((it.id.clone(), it.look.label.or(&it.name).get(language).to_string()));
            }
        }
        all
    }

    /// What a resource is called: by its name, or by its product where it has none.
    pub(crate) fn called(&self, it: &Resource) -> String {
        if it.name.is_empty() { self.product(&it.product) } else { it.name.clone() }
    }

    /// What a line of a bill is for, in the language of the page; as the bill has it where its book says nothing.
    pub(crate) fn component(&self, bill: &Bill<'_>, line: &Line<'_>) -> String {
        if line.is_carried() {
            return self.visit.texts().left_by_rounding();
        }
        if line.is_kept() {
            return self.visit.texts().kept_by_vouchers();
        }
        if line.is_sum() {
            let texts = self.visit.texts();
            return match line.component.as_ref() {
                PAID => texts.refund_paid(),
                PASSED => texts.refund_passed(),
                STAYS => texts.refund_stays(),
                commitment::COMMITMENT => texts.commitment_missing(),
                _ => texts.refund_floor(),
            };
        }
        let desk = self.visit.node.desk();
        let product = desk.books.get(line.book).and_then(|it| it.product(&bill.product));
        let component = product.and_then(|it| it.components.iter().find(|it| it.id == line.component));
        let language = self.visit.language;
        let name = component
            .map_or_else(|| line.name.to_string(), |it| it.label.or(&line.name).get(language).to_string());
        self.side(bill, line, name)
    }

    /// On the bill of a change, whether a line is of what was used, of what is replaced or of what is new. Source: R-CHG-1, R-CHG-3.
    fn side(&self, bill: &Bill<'_>, line: &Line<'_>, name: String) -> String {
        let texts = self.visit.texts();
        if !bill.is_of_downgrade() {
            let is_replaced = bill.kind == Kind::PrepaidChange && line.gives_back();
            return if is_replaced { texts.replaces(name) } else { name };
        }
        // What was used ends with the change, what is new begins with it.
        if line.to <= bill.from.as_second() { texts.refund_used_of(name) } else { texts.change_new_of(name) }
    }

    /// What a zone or region is called in the price book of now.
    pub(crate) fn place(&self, id: &str) -> String {
        let (books, language) = (self.books(), self.visit.language);
        let regions = || books.iter().flat_map(|it| &it.regions);
        let region = regions().find(|it| it.id == id).map(|it| it.look.label.or(&it.name));
        let zone = || regions().find_map(|it| it.look.zones.get(id)).map(|it| it.or(id));
        region.or_else(zone).map_or_else(|| id.to_string(), |it| it.get(language).to_string())
    }

    /// What the account's currency is called behind an amount.
    pub(crate) fn unit(&self) -> &'static str {
        self.customer.as_ref().map_or("", |it| show::currency(it.account.currency, self.visit.language))
    }

    /// The same, looking at what a customer has: sums are in its currency. It stays in its own house.
    pub(crate) fn looking_at(&self, customer: &Customer) -> Signed {
        Signed { customer: Some(customer.clone()), ..self.clone() }
    }

    /// As the audit log names who is signed in.
    pub(crate) fn actor(&self) -> String {
        format!("{} {}", self.who.user.id, self.who.user.mail)
    }

    /// Does what a form asks for, once: the same form sent again goes where it went the first time.
    ///
    /// Errors: those of `work`; then nothing is written.
    pub(crate) async fn once(
        &self,
        form: &Fields,
        work: impl FnMut(&mut Tx<'_>, At<'_>) -> Result<String, Refusal> + Send + 'static,
    ) -> Result<String, Problem> {
        self.once_in(self.house(), form, work).await
    }

    /// The same about an account that the operator looks at: it is noted in the audit log of that account.
    pub(crate) async fn once_for(
        &self,
        account: AccountId,
        form: &Fields,
        work: impl FnMut(&mut Tx<'_>, At<'_>) -> Result<String, Refusal> + Send + 'static,
    ) -> Result<String, Problem> {
        self.once_in(House::Account(account), form, work).await
    }

    /// The same about a house: it is noted in the audit log of that.
    pub(crate) async fn once_in(
        &self,
        house: House,
        form: &Fields,
        mut work: impl FnMut(&mut Tx<'_>, At<'_>) -> Result<String, Refusal> + Send + 'static,
    ) -> Result<String, Problem> {
        let done = move |tx: &mut Tx<'_>, at: At<'_>| Ok(Done { to: work(tx, at)?, about: None, did: true });
        self.done_in(house, form, done).await
    }

    /// The same about something that may be a customer's, such as a key: it is noted in the audit log of the account that
    /// `work` names, so that customers see who changed what is theirs.
    pub(crate) async fn once_of(
        &self,
        form: &Fields,
        work: impl FnMut(&mut Tx<'_>, At<'_>) -> Result<Done, Refusal> + Send + 'static,
    ) -> Result<String, Problem> {
        self.done_in(self.house(), form, work).await
    }

    async fn done_in(
        &self,
        house: House,
        form: &Fields,
        work: impl FnMut(&mut Tx<'_>, At<'_>) -> Result<Done, Refusal> + Send + 'static,
    ) -> Result<String, Problem> {
        if form.is_to_look_at() {
            return Err(Problem::malformed(None, TO_LOOK_AT));
        }
        let path = self.visit.path();
        let deed = Deed {
            account: house.account(),
            actor: self.actor(),
            token: form.once().to_string(),
            operation: format!("form {path}"),
            fingerprint: journal::digest(format!("{path}\n{}", form.all()).as_bytes()),
            body: form.noted(),
            trace: self.visit.trace.clone(),
        };
        self.visit.node.deed(deed, work).await
    }
}

/// The account in whose pages somebody is; whoever is in none is led to the operator's.
pub(crate) fn whose(signed: &Signed) -> Result<AccountId, Response> {
    signed.house().account().ok_or_else(|| see_other("/operator"))
}

/// Who shows a session that holds, with the account in whose pages it is.
async fn found(visit: &Visit) -> Result<Option<(SignedIn, Option<Customer>)>, Problem> {
    let Some(shown) = &visit.session else { return Ok(None) };
    let hash = keys::hash(shown);
    let read = move |tx: &mut Tx<'_>, at: At<'_>| {
        let Some(who) = sessions::find(tx, &hash, real(at).now)? else { return Ok(None) };
        let customer = who.session.house.account().map(|it| accounts::one(tx, it)).transpose()?;
        Ok(Some((who, customer)))
    };
    visit.node.read(read).await
}

/// Where somebody goes who is not signed in: to the sign-in, and from there back.
fn to_sign_in(visit: &Visit) -> Response {
    if visit.part.is_some() {
        return (StatusCode::UNAUTHORIZED, visit.texts().session_over()).into_response();
    }
    // A form is not sent once more by itself: one comes back to the page that it stood on.
    let address = visit.sent_from.as_ref().unwrap_or(&visit.address);
    let to: String = form_urlencoded::byte_serialize(address.as_bytes()).collect();
    // Who shows a session that ended is told so, and whoever sent a form: it was not saved.
    let over = match (&visit.sent_from, &visit.session) {
        (Some(_), _) => "&over=form",
        (None, Some(_)) => "&over=yes",
        (None, None) => "",
    };
    let mut response = see_other(&format!("/sign-in?to={to}{over}"));
    response.extensions_mut().insert(ToSignIn);
    response
}

/// On an answer that leads to the sign-in: what a form held may be kept through it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ToSignIn;

/// Has the use of a session noted, at most once a minute, beside the request and without holding it up.
fn note_use(visit: &Visit, who: &SignedIn) {
    let (node, id, now) = (visit.node.clone(), who.session.id, Clock::Machine.now());
    let noted = now.checked_sub(NOTED).unwrap_or(now);
    if who.session.seen > noted {
        return;
    }
    tokio::spawn(async move {
        if let Err(problem) = node.write(move |tx, at| sessions::seen(tx, id, real(at).now, noted)).await {
            tracing::warn!(session = %id, detail = %problem.detail, "the use of a session is not noted");
        }
    });
}

impl FromRequestParts<Console> for Signed {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, console: &Console) -> Result<Signed, Response> {
        let Ok(visit) = Visit::from_request_parts(parts, console).await;
        let found = found(&visit).await.map_err(|problem| lost::failed(&visit, &problem))?;
        let Some((who, customer)) = found.filter(|it| it.0.session.proof == Proof::Whole) else {
            return Err(to_sign_in(&visit));
        };
        let account = who.session.house.account();
        let actor = Actor::User(who.user.id);
        let identity = Identity { actor, account, scopes: Vec::new() };
        visit.node.limiter().count(&identity).check().map_err(|problem| lost::failed(&visit, &problem))?;
        tracing::Span::current().record("key", actor.to_string());
        note_use(&visit, &who);
        let visit = visit.in_house(who.session.house).by(who.user.id);
        Ok(Signed { visit, who, customer })
    }
}

/// Somebody whose password was right and whose code is still to come.
pub(crate) struct Half {
    pub visit: Visit,
    pub who: SignedIn,
}

impl FromRequestParts<Console> for Half {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, console: &Console) -> Result<Half, Response> {
        let Ok(visit) = Visit::from_request_parts(parts, console).await;
        let found = found(&visit).await.map_err(|problem| lost::failed(&visit, &problem))?;
        match found.filter(|it| it.0.session.proof == Proof::Password) {
            Some((who, _)) => Ok(Half { visit, who }),
            None => Err(see_other("/sign-in")),
        }
    }
}
