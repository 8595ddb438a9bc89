//! Accounts: `/v1/accounts` for operators, `/v1/account` for whoever it is.

use super::state::Api;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use billing::account::{Account, Verified};
use billing::rate::{RATE_WORDS, Terms};
use billing::wallet::{Purse, Wallet};
use desk::accounts::{self, Change, Opening, TopUp};
use desk::lists::accounts::Customer;
use desk::{At, Refusal, Tx, lists};
use serde::{Deserialize, Serialize};
use units::{AccountId, Currency};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::{Call, Reply};
use web::caller::{Buyer, Operator, Reader};
use web::in_place;
use web::location::below;
use web::problem::Problem;
use web::wire::{self, Id, Limit, Moment, MoneyText, Page, Path, Query, Text, Whole};
use web::words::{self, Word};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_accounts, create_account))
        .routes(routes!(get_account, change_account))
        .routes(routes!(create_top_up))
        .routes(routes!(get_own_account, change_own_account))
}

/// Money of an account. Free money and debt never stand beside each other.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "currency": "CNY", "available": "100.00", "cash": "100.00", "bonus": "0.00", "income": "0.00", "frozen": "0.00",
    "owed": "0.00", "balance": "100.00"
}))]
pub struct WalletView {
    pub currency: String,
    /// What may be spent now, what is left of a credit line included.
    pub available: wire::MoneyShown,
    /// Paid in, what is frozen of it included.
    pub cash: wire::MoneyShown,
    /// Granted, what is frozen of it included.
    pub bonus: wire::MoneyShown,
    pub income: wire::MoneyShown,
    /// Held for orders and resources.
    pub frozen: wire::MoneyShown,
    pub owed: wire::MoneyShown,
    /// Everything, less what is owed.
    pub balance: wire::MoneyShown,
}

impl From<&Wallet> for WalletView {
    fn from(it: &Wallet) -> WalletView {
        let [bonus, cash, income] = it.kinds().map(wire::money);
        WalletView {
            currency: it.currency().as_str().to_string(),
            available: wire::money(it.available()),
            cash,
            bonus,
            income,
            frozen: wire::money(it.frozen().total()),
            owed: wire::money(it.owed()),
            balance: wire::money(it.balance()),
        }
    }
}

/// A customer of the cloud.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "acc_019eb7696c008cf183c2a061049531a6", "name": "shop", "currency": "CNY", "contract_rate": "0.9500",
    "verified": true, "alert": "50.00", "no_stop_days": 0, "vouchers_per_order": 1, "arrears_since": null, "created": "2026-06-01T00:00:00Z",
    "wallet": {"currency": "CNY", "available": "0.00", "cash": "0.00", "bonus": "0.00", "income": "0.00",
        "frozen": "0.00", "owed": "0.00", "balance": "0.00"}
}))]
pub struct AccountView {
    pub id: String,
    pub name: String,
    pub currency: String,
    /// What prices are multiplied with where the book allows it: `0.9000` is ten percent off.
    pub contract_rate: wire::PriceShown,
    /// Whether the customer's real name was checked.
    pub verified: bool,
    /// Told when less than this is available; `0.00` for never.
    pub alert: wire::MoneyShown,
    /// So many days what is prepaid runs on behind its deadline.
    pub no_stop_days: u32,
    /// So many vouchers an order, or a bill, takes.
    #[schema(minimum = 1)]
    pub vouchers_per_order: u32,
    pub arrears_since: Option<Moment>,
    pub created: Moment,
    pub wallet: WalletView,
}

impl From<&Customer> for AccountView {
    fn from(Customer { account: it, wallet }: &Customer) -> AccountView {
        AccountView {
            id: it.id.to_string(),
            name: it.name.clone(),
            currency: it.currency.as_str().to_string(),
            contract_rate: wire::rate(it.terms.contract_rate_e8, 4),
            verified: it.verified == Verified::Yes,
            alert: wire::money(it.alert),
            no_stop_days: it.no_stop_days,
            vouchers_per_order: it.vouchers_per_order,
            arrears_since: it.arrears_since.map(wire::time),
            created: wire::time(it.created),
            wallet: WalletView::from(wallet),
        }
    }
}

/// A contract rate as it is written: 0 to 1 with up to four digits behind the point.
#[derive(Clone, Debug)]
pub struct Rate(Terms);

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Rate, D::Error> {
        let text = String::deserialize(from)?;
        Terms::parse(&text).map(Rate).ok_or_else(|| serde::de::Error::custom(RATE_WORDS))
    }
}

/// A new account.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "shop", "contract_rate": "0.95", "verified": true, "alert": "50.00"}))]
pub struct AccountBody {
    /// Names are unique.
    name: Text<1, 80>,
    /// The currency of the price book if left out.
    currency: Option<CurrencyText>,
    /// `1` if left out.
    contract_rate: Option<Rate>,
    /// `true` if left out.
    verified: Option<bool>,
    /// `0` if left out.
    alert: Option<MoneyText>,
}

web::in_place! {
    [] Rate = in_place::pattern(r"^(0(\.[0-9]{1,4})?|1(\.0{1,4})?)$");
    [] CurrencyText = in_place::pattern("^[A-Z]{3}$");
}

/// Three capital letters; which ones are known is a matter of meaning.
#[derive(Clone, Debug)]
pub struct CurrencyText(String);

impl CurrencyText {
    /// The currency that is named, or that of whoever names none. Errors: one that nobody knows; several to choose from.
    pub(super) fn or_of(named: Option<&CurrencyText>, at: At<'_>) -> Result<Currency, Refusal> {
        match named {
            Some(text) => Ok(Currency::parse(&text.0).map_err(|it| Refusal::from(it).of("currency"))?),
            None => at.currency(),
        }
    }
}

impl<'de> Deserialize<'de> for CurrencyText {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<CurrencyText, D::Error> {
        let text = String::deserialize(from)?;
        match text.len() == 3 && text.bytes().all(|it| it.is_ascii_uppercase()) {
            true => Ok(CurrencyText(text)),
            false => Err(serde::de::Error::custom("a currency is three capital letters, such as CNY")),
        }
    }
}

/// Opens an account with an empty wallet. The same name with the same terms again gives the same account.
#[utoipa::path(post, path = "/v1/accounts", tag = "accounts", request_body = AccountBody,
    security(("key" = ["operator"])), responses((status = 201, body = AccountView)))]
async fn create_account(
    State(node): State<Node>,
    call: Call<Operator, AccountBody>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let fields = [
            ("conflict", "name"),
            ("currency_mismatch", "currency"),
            ("amount_invalid", "alert"),
            ("amount_too_large", "alert"),
        ];
        let account = open(tx, at, &call.body).map_err(|it| it.by_code(&fields))?;
        let place = below("/v1/accounts", &account.id.to_string());
        Ok(Reply::created(place, AccountView::from(&Customer::of(tx, account)?)))
    })
    .await
}

fn open(tx: &mut Tx<'_>, at: At<'_>, body: &AccountBody) -> Result<Account, Refusal> {
    let currency = CurrencyText::or_of(body.currency.as_ref(), at)?;
    let alert = body.alert.as_ref().map(|it| it.money(currency)).transpose()?;
    let new = Opening {
        currency,
        terms: body.contract_rate.as_ref().map_or_else(Terms::default, |it| it.0),
        verified: if body.verified == Some(false) { Verified::No } else { Verified::Yes },
        alert,
    };
    accounts::open_once(tx, body.name.as_str(), new, at.now)
}

/// Which accounts.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AccountsQuery {
    /// Only the account of this name.
    name: Option<Text<0, 80>>,
    /// Only accounts with this in their name, whatever the case, with this id, or with a user of this mail address.
    search: Option<Text<0, 80>>,
    /// In which order; the newest first if left out.
    sort: Option<Word<words::Sort>>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before.
    after: Option<Text<0, 80>>,
}

/// Lists accounts.
#[utoipa::path(get, path = "/v1/accounts", tag = "accounts", params(AccountsQuery),
    security(("key" = ["operator"])), responses((status = 200, body = Page<AccountView>)))]
async fn list_accounts(
    State(node): State<Node>,
    _: Operator,
    Query(query): Query<AccountsQuery>,
) -> Result<Json<Page<AccountView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let of = lists::accounts::Filter {
        sort: query.sort.map_or_else(Default::default, |it| it.0.0),
        name: query.name.map(Text::into_string),
        search: query.search.map(Text::into_string),
    };
    let page = node.read(move |tx, _| lists::accounts::page(tx, &of, &part)).await?;
    Ok(Json(Page::of(page, |it| AccountView::from(&it))))
}

/// One account with its wallet.
#[utoipa::path(get, path = "/v1/accounts/{account}", tag = "accounts", params(("account" = String, Path)),
    security(("key" = ["operator"])), responses((status = 200, body = AccountView)))]
async fn get_account(
    State(node): State<Node>,
    _: Operator,
    Path(account): Path<Id<AccountId>>,
) -> Result<Json<AccountView>, Problem> {
    let found = node.read(move |tx, _| lists::accounts::one(tx, account.0)).await?;
    Ok(Json(AccountView::from(&found)))
}

/// The caller's own account with its wallet.
#[utoipa::path(get, path = "/v1/account", tag = "accounts",
    security(("key" = ["read"])), responses((status = 200, body = AccountView)))]
async fn get_own_account(State(node): State<Node>, who: Reader) -> Result<Json<AccountView>, Problem> {
    let found = node.read(move |tx, _| lists::accounts::one(tx, who.account)).await?;
    Ok(Json(AccountView::from(&found)))
}

/// What owners may change of their account; what is left out stays.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"alert": "100.00"}))]
pub struct OwnAccountChange {
    /// Told when less than this is available; `0` for never.
    alert: Option<MoneyText>,
}

/// What is wrong with the sum of an alert, beside its field.
fn of_alert(it: Refusal) -> Refusal {
    it.by_code(&[("amount_invalid", "alert"), ("amount_too_large", "alert")])
}

/// Changes the alert of the caller's own account. Terms and verification are the operator's.
#[utoipa::path(patch, path = "/v1/account", tag = "accounts", request_body = OwnAccountChange,
    security(("key" = ["buy"])), responses((status = 200, body = AccountView)))]
async fn change_own_account(
    State(node): State<Node>,
    call: Call<Buyer, OwnAccountChange>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let account = call.who.account;
        let currency = lists::accounts::currency(tx, account)?;
        let alert = call.body.alert.as_ref().map(|it| it.money(currency)).transpose().map_err(of_alert)?;
        let change = Change { alert, ..Change::default() };
        let after = accounts::change(tx, at, account, change).map_err(of_alert)?;
        Ok(Reply::ok(AccountView::from(&Customer::of(tx, after)?)))
    })
    .await
}

/// What of an account is to change; what is left out stays.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"contract_rate": "0.9", "alert": "100.00"}))]
pub struct AccountChange {
    contract_rate: Option<Rate>,
    verified: Option<bool>,
    alert: Option<MoneyText>,
    /// So many days what is prepaid runs on behind its deadline. More hold for what is there too, fewer for what is bought from
    /// now on.
    no_stop_days: Option<Whole<0, 60>>,
    /// So many vouchers an order, or a bill, takes.
    vouchers_per_order: Option<Whole<1, 10>>,
}

/// Changes terms, verification or alert of an account, from now on.
#[utoipa::path(patch, path = "/v1/accounts/{account}", tag = "accounts", params(("account" = String, Path)),
    request_body = AccountChange, security(("key" = ["operator"])), responses((status = 200, body = AccountView)))]
async fn change_account(
    State(node): State<Node>,
    Path(account): Path<Id<AccountId>>,
    call: Call<Operator, AccountChange>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let body = &call.body;
        let currency = lists::accounts::currency(tx, account.0)?;
        let alert = body.alert.as_ref().map(|it| it.money(currency)).transpose().map_err(of_alert)?;
        let change = Change {
            terms: body.contract_rate.as_ref().map(|it| it.0),
            verified: body.verified.map(|it| if it { Verified::Yes } else { Verified::No }),
            alert,
            no_stop_days: body.no_stop_days.map(Whole::count),
            vouchers_per_order: body.vouchers_per_order.map(Whole::count),
        };
        let after = accounts::change(tx, at, account.0, change).map_err(of_alert)?;
        Ok(Reply::ok(AccountView::from(&Customer::of(tx, after)?)))
    })
    .await
}

/// Money that came in, or is granted.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"amount": "100.00", "reference": "transfer 4711"}))]
pub struct TopUpBody {
    /// In the currency of the account.
    amount: MoneyText,
    /// What tells one payment from another, such as the bank's number of a transfer.
    reference: Text<1, 120>,
    /// `cash` if left out.
    #[serde(default)]
    purse: words::PurseBody,
}

/// Adds money to a wallet; debt is paid first. The same reference again changes nothing.
#[utoipa::path(post, path = "/v1/accounts/{account}/top-ups", tag = "accounts", params(("account" = String, Path)),
    request_body = TopUpBody, security(("key" = ["operator"])), responses((status = 201, body = WalletView)))]
async fn create_top_up(
    State(node): State<Node>,
    Path(account): Path<Id<AccountId>>,
    call: Call<Operator, TopUpBody>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let currency = lists::accounts::currency(tx, account.0)?;
        let purse = match call.body.purse {
            words::PurseBody::Cash => Purse::Cash,
            words::PurseBody::Bonus => Purse::Bonus,
            words::PurseBody::Income => Purse::Income,
        };
        let fields =
            [("conflict", "reference"), ("amount_invalid", "amount"), ("amount_too_large", "amount")];
        let amount = call.body.amount.money(currency).map_err(|it| it.by_code(&fields))?;
        let new = TopUp { money: amount, purse, reference: call.body.reference.as_str() };
        let wallet = accounts::top_up(tx, at, account.0, new).map_err(|it| it.by_code(&fields))?;
        let place = below(&format!("/v1/accounts/{}/top-ups", account.0), new.reference);
        Ok(Reply::created(place, WalletView::from(&wallet)))
    })
    .await
}
