//! What customers were told.

use super::accounts::{self, Customer};
use super::offers;
use crate::page::{Page, Part};
use crate::{At, Refusal};
use billing::account::Account;
use billing::book::Product;
use billing::notice::current::{self, InForce, Prepaid, Present};
use billing::notice::prices::{Kept, Moved};
use billing::notice::words::{self, About, Said};
use billing::notice::{Notice, NoticeKind};
use billing::offer;
use billing::pack::Pack;
use billing::renewal::{self, FIRST_NOTICE_DAYS};
use billing::resource::Resource;
use billing::text::Text;
use billing::voucher::Voucher;
use std::collections::{BTreeSet, HashMap};
use store::notices::{self, NoticeFilter};
use store::resources::StoredResource;
use store::{Tx, budgets, packs};
use units::{AccountId, BookId, OfferId, ResourceId, Timestamp, VoucherId};

/// A notice and what it says.
#[derive(Clone, Debug)]
pub struct Read {
    pub notice: Notice,
    pub said: Said,
    /// Whether what it asks for can still be done.
    pub is_open: bool,
}

/// Which notices.
#[derive(Clone, Copy, Debug)]
pub struct Filter {
    pub account: AccountId,
    /// `None`: of any kind.
    pub kind: Option<NoticeKind>,
}

/// Notices to an account with their words, the newest first.
pub fn page(tx: &mut Tx<'_>, at: At<'_>, of: Filter, part: &Part) -> Result<Page<Read>, Refusal> {
    let customer = accounts::one(tx, of.account)?;
    let filter = NoticeFilter { kind: of.kind.map_or("", NoticeKind::as_str), after: part.cursor()? };
    let found = notices::page(tx, of.account, filter, part.reach())?;
    let mut read = in_words(tx, at, of.account, found)?;
    close(tx, at, &customer, &mut read)?;
    Ok(Page::of(read, part, |it| it.notice.id().to_string()))
}

/// Those that are given of the notices that hold.
const CURRENT: usize = 3;

/// The few newest notices of which what they say is still so. `packs` are those that are in force.
pub fn current(tx: &mut Tx<'_>, at: At<'_>, of: &Customer, packs: &[InForce]) -> Result<Vec<Read>, Refusal> {
    let account = of.account.id;
    let since = deadlines_since(at, &of.account)?;
    let kinds = NoticeKind::ALL.map(|it| match subject(it) {
        Subject::Resource => (it, since),
        Subject::Account | Subject::Pack | Subject::Voucher | Subject::Budget => (it, Timestamp::MIN),
    });
    let all = notices::latest(tx, account, kinds)?;
    let offers = match all.iter().any(|it| it.kind == NoticeKind::OfferMade) {
        true => open_offers(tx, at, account)?,
        false => Vec::new(),
    };
    let prepaid = prepaid(tx, account, &all)?;
    let (available, month) = (of.wallet.available(), at.desk.calendar.month(at.now));
    let present = Present {
        account: &of.account,
        available,
        packs,
        offers: &offers,
        prepaid: &prepaid,
        month: &month,
        now: at.now,
    };
    let mut found = current::current(all, &present)?;
    found.truncate(CURRENT);
    let mut read = in_words(tx, at, account, found)?;
    close(tx, at, of, &mut read)?;
    Ok(read)
}

/// Marks those about which nothing can be done any more: resources are read once, and only where a notice is of one.
fn close(tx: &mut Tx<'_>, at: At<'_>, of: &Customer, all: &mut [Read]) -> Result<(), Refusal> {
    let notices: Vec<Notice> = all.iter().map(|it| it.notice.clone()).collect();
    let found = resources(tx, of.account.id, &notices)?.into_iter().map(|it| it.resource);
    let may_renew = |it: &Resource| {
        let product = at.life_of(it).ok();
        product.is_some_and(|product| renewal::may_renew(it, product, at.now, &at.desk.calendar).is_ok())
    };
    let renewable: HashMap<String, Option<Timestamp>> =
        found.filter(may_renew).map(|it| (it.id.to_string(), it.deadline)).collect();
    for it in all {
        let deadline = renewable.get(&it.notice.subject).copied().flatten();
        it.is_open = current::is_open(&it.notice, &of.account, of.wallet.available(), deadline)?;
    }
    Ok(())
}

/// What was told of a deadline before then holds no more: what it was about is renewed or released.
fn deadlines_since(at: At<'_>, of: &Account) -> Result<Timestamp, Refusal> {
    // Who is sold nothing has nothing that is kept.
    let products = at.book(of.currency).map_or(&[][..], |it| it.products.as_slice());
    let kept = products.iter().map(kept_days).max().unwrap_or(0);
    let kept = kept + i64::from(of.no_stop_days);
    Ok(at.desk.calendar.midnight_after(at.now, -(FIRST_NOTICE_DAYS + kept + 1))?)
}

/// The days behind its deadline for which what is prepaid is kept at most, but for those of its account.
fn kept_days(it: &Product) -> i64 {
    let seconds = it.expiry.keeping.map_or(0, |it| it.kept_seconds.saturating_add(it.bin_seconds));
    let seconds = seconds.saturating_add(it.expiry.runs_on_seconds);
    it.release_days.saturating_add(i64::try_from(seconds.div_ceil(86_400)).unwrap_or(i64::MAX))
}

/// The resources that notices speak of, as far as they have a deadline and are there.
fn prepaid(tx: &mut Tx<'_>, account: AccountId, all: &[Notice]) -> Result<Vec<Prepaid>, Refusal> {
    let found = resources(tx, account, all)?.into_iter().map(|it| it.resource);
    let living = found.filter(|it| !it.state.is_over());
    let prepaid = |it: Resource| Some(Prepaid { id: it.id, deadline: it.deadline?, state: it.state });
    Ok(living.filter_map(prepaid).collect())
}

/// The resources that notices speak of.
fn resources(tx: &mut Tx<'_>, account: AccountId, all: &[Notice]) -> Result<Vec<StoredResource>, Refusal> {
    let own = all.iter().filter(|it| subject(it.kind) == Subject::Resource);
    let ids: BTreeSet<ResourceId> = own.filter_map(|it| it.subject.parse().ok()).collect();
    let keys: Vec<_> = ids.into_iter().map(|it| (account, it)).collect();
    Ok(if keys.is_empty() { Vec::new() } else { store::resources::get_all(tx, &keys)? })
}

/// The vouchers that notices speak of, by their ids.
fn vouchers(
    tx: &mut Tx<'_>,
    account: AccountId,
    all: &[Notice],
) -> Result<HashMap<String, Voucher>, Refusal> {
    let own = all.iter().filter(|it| subject(it.kind) == Subject::Voucher);
    let ids: BTreeSet<VoucherId> = own.filter_map(|it| it.subject.parse().ok()).collect();
    let keys: Vec<_> = ids.into_iter().map(|it| (account, it)).collect();
    let found = if keys.is_empty() { Vec::new() } else { store::vouchers::get_all(tx, &keys)? };
    Ok(found.into_iter().map(|it| (it.voucher.id.to_string(), it.voucher)).collect())
}

fn open_offers(tx: &mut Tx<'_>, at: At<'_>, account: AccountId) -> Result<Vec<OfferId>, Refusal> {
    let filter = offers::Filter { account: Some(account), state: Some(offer::State::Open) };
    let found = offers::page(tx, at, filter, &Part::first(50))?;
    Ok(found.items.iter().map(|it| it.id).collect())
}

/// Notices of one account with their words, in the order given. Packs, budgets, resources and vouchers are read once, and only where
/// a notice is of one.
pub fn in_words(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: AccountId,
    notices: Vec<Notice>,
) -> Result<Vec<Read>, Refusal> {
    let any = |of: Subject| notices.iter().any(|it| subject(it.kind) == of);
    let packs = if any(Subject::Pack) { packs::of_account(tx, account)? } else { Vec::new() };
    let packs: HashMap<String, Pack> = packs.into_iter().map(|it| (it.id.to_string(), it)).collect();
    let budgets = if any(Subject::Budget) { budgets::names(tx, account)? } else { HashMap::new() };
    let named = resources(tx, account, &notices)?.into_iter();
    let named: HashMap<String, String> =
        named.map(|it| (it.resource.id.to_string(), called(it.resource))).collect();
    let vouchers = vouchers(tx, account, &notices)?;
    let read = |notice: Notice| {
        let prices = prices(at, &notice);
        let pack = packs.get(&notice.subject).map(About::Pack);
        let about = pack
            .or_else(|| budgets.get(&notice.subject).map(|it| About::Budget(it)))
            .or_else(|| named.get(&notice.subject).map(|it| About::Resource(it)))
            .or_else(|| {
                let found = vouchers.get(&notice.subject);
                found.map(|it| About::Voucher { name: &it.name, face: it.face })
            });
        let of_prices = || prices.as_ref().map(|it| About::Prices { moved: &it.0, more: it.1 });
        let about = about.or_else(of_prices).unwrap_or(About::Account);
        let said = words::said(&notice, about, &at.desk.calendar);
        Read { notice, said, is_open: true }
    };
    Ok(notices.into_iter().map(read).collect())
}

/// What a resource is called: by its product where it has no name.
fn called(it: Resource) -> String {
    if it.name.is_empty() { it.product } else { it.name }
}

/// Which prices a notice says to change, by the names of its book, or of the newest one of its product where that was taken
/// back; and how many more there are.
fn prices(at: At<'_>, notice: &Notice) -> Option<(Vec<Text>, usize)> {
    if notice.kind != NoticeKind::PriceChange {
        return None;
    }
    let (kept, books) = (Kept::read(&notice.occasion)?, &at.desk.books);
    let own = notice.subject.parse::<BookId>().ok().and_then(|it| books.get(it));
    let has = |product: &str| books.all().iter().rev().find(|it| it.product(product).is_some());
    let named = |it: &Moved| it.named(own.or_else(|| has(&it.product)).map(|it| &**it));
    Some((kept.moved.iter().map(named).collect(), kept.more))
}

/// Of what a notice is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Subject {
    Account,
    Pack,
    Budget,
    Resource,
    Voucher,
}

fn subject(kind: NoticeKind) -> Subject {
    match kind {
        NoticeKind::PackLow | NoticeKind::PackExhausted | NoticeKind::PackExpiring => Subject::Pack,
        NoticeKind::BudgetReached | NoticeKind::BudgetForecast => Subject::Budget,
        NoticeKind::ResourceExpiring
        | NoticeKind::RenewalAhead
        | NoticeKind::RenewalDone
        | NoticeKind::RenewalFailed
        | NoticeKind::ResourceExpired => Subject::Resource,
        NoticeKind::BalanceLow
        | NoticeKind::InArrears
        | NoticeKind::OfferMade
        | NoticeKind::CommitmentAgreed
        | NoticeKind::CreditAgreed
        | NoticeKind::CardRefundFailed
        | NoticeKind::PriceChange
        | NoticeKind::PriceChangeUndone => Subject::Account,
        NoticeKind::VoucherIssued | NoticeKind::VoucherEnding => Subject::Voucher,
    }
}
