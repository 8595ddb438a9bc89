//! Vouchers in scenarios.

use crate::step::{Pairs, Verb, VoucherTerms, VoucherVerb, Vouchers};
use crate::words::{Words, Wrong, no_more, take, wrong};
use billing::order::Action;
use billing::voucher::{Modes, Uses};
use units::{Calendar, Timestamp};

/// `voucher ACCOUNT NAME AMOUNT …`, `takeback NAME`, `voucherlimit ACCOUNT 10`, `code WORD AMOUNT times=100 …`,
/// `redeem ACCOUNT WORD NAME`
pub(super) fn verb(word: &str, it: &mut Words, calendar: &Calendar) -> Result<Verb, Wrong> {
    let read = match word {
        "voucher" => {
            let like = "voucher acme spring 100.00 until=2026-07-01 products=server min=100.00 uses=many";
            let (account, name) = (it.next("the account", like)?, it.next("a name for it", like)?);
            let amount = it.next("the amount", like)?;
            let mut pairs = it.pairs(like)?;
            let terms = terms(&mut pairs, calendar)?;
            no_more(&pairs, like)?;
            VoucherVerb::Issue { account, name, amount, terms }
        }
        "takeback" => {
            let like = "takeback spring";
            let name = it.next("the name of the voucher", like)?;
            it.end(like)?;
            VoucherVerb::TakeBack { name }
        }
        "voucherlimit" => {
            let like = "voucherlimit acme 10";
            let (account, count) = (it.next("the account", like)?, it.next("how many", like)?);
            it.end(like)?;
            VoucherVerb::Limit { account, count: number(&count, like)? }
        }
        "code" => {
            let like = "code SPRING-26 20.00 times=100 until=2026-07-01 days=30";
            let (word, amount) = (it.next("the code", like)?, it.next("the amount", like)?);
            let mut pairs = it.pairs(like)?;
            let times = take(&mut pairs, "times").map_or(Ok(1), |it| number(&it, like))?;
            let days = take(&mut pairs, "days").map(|it| number(&it, like)).transpose()?;
            let terms = terms(&mut pairs, calendar)?;
            no_more(&pairs, like)?;
            VoucherVerb::Code { word, amount, times, days, terms }
        }
        _ => {
            let like = "redeem acme SPRING-26 spring";
            let (account, word) = (it.next("the account", like)?, it.next("the code", like)?);
            let name = it.next("a name for the voucher", like)?;
            it.end(like)?;
            VoucherVerb::Redeem { account, word, name }
        }
    };
    Ok(Verb::Voucher(read))
}

fn number(text: &str, like: &str) -> Result<u32, Wrong> {
    text.parse().map_err(|_| (format!("`{text}` is not a number"), format!("Write it like: {like}")))
}

/// What a voucher pays for, and when.
fn terms(pairs: &mut Pairs, calendar: &Calendar) -> Result<VoucherTerms, Wrong> {
    let time = |text: Option<String>| -> Result<Option<Timestamp>, Wrong> {
        let read = text.map(|it| calendar.parse(&it)).transpose();
        read.map_err(|error| (error.to_string(), "Write it like until=2026-07-01T00:00:00".to_string()))
    };
    let list = |text: Option<String>| -> Vec<String> {
        text.map_or_else(Vec::new, |it| it.split(',').map(str::to_string).collect())
    };
    let unknown =
        |text: &str, known: &str| (format!("`{text}` is not known here"), format!("Known are: {known}"));
    let modes = take(pairs, "modes");
    let uses = take(pairs, "uses");
    let actions = list(take(pairs, "actions"));
    let actions =
        actions.iter().map(|it| Action::parse(it).ok_or_else(|| unknown(it, "new, renew, upgrade, convert")));
    Ok(VoucherTerms {
        from: time(take(pairs, "from"))?,
        until: time(take(pairs, "until"))?,
        products: list(take(pairs, "products")),
        regions: list(take(pairs, "regions")),
        modes: modes
            .map(|it| Modes::parse(&it).ok_or_else(|| unknown(&it, "prepaid, post_paid, any")))
            .transpose()?,
        actions: actions.collect::<Result<_, Wrong>>()?,
        min_spend: take(pairs, "min"),
        most_months: take(pairs, "months").map(|it| number(&it, "months=12")).transpose()?,
        uses: uses.map(|it| Uses::parse(&it).ok_or_else(|| unknown(&it, "once, many"))).transpose()?,
    })
}

/// Takes `vouchers=auto`, `vouchers=none` or `vouchers=spring,summer` out of a line, wherever it stands.
pub(super) fn chosen(it: &mut Words) -> Result<Option<Vouchers>, Wrong> {
    let Some(at) = it.list.iter().position(|word| word.starts_with("vouchers=")) else { return Ok(None) };
    let word = it.list.remove(at).unwrap_or_default();
    match word.trim_start_matches("vouchers=") {
        "" => {
            wrong("`vouchers=` says of no voucher", "Write it like vouchers=auto or vouchers=spring,summer")
        }
        "auto" => Ok(Some(Vouchers::Automatic)),
        "none" => Ok(Some(Vouchers::None)),
        names => Ok(Some(Vouchers::These(names.split(',').map(str::to_string).collect()))),
    }
}
