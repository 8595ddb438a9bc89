//! How a request chooses vouchers.
//!
//! In:  a part of a body. Out: a choice.
//! Invariant: vouchers are chosen by the rule or by name, not both.

use billing::voucher::VoucherError;
use billing::voucher::choose::Choice;
use desk::Refusal;
use serde::Deserialize;
use units::VoucherId;
use utoipa::ToSchema;
use web::call::hidden;
use web::wire::Text;

/// Which vouchers pay: by the rule, or those that are named; without either, none.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"automatic": true}))]
pub struct VouchersBody {
    /// Those that end first, as many as an order of the account takes.
    #[serde(default)]
    automatic: bool,
    /// Vouchers of the account, as many as an order takes at most.
    #[schema(max_items = 10)]
    #[serde(default, deserialize_with = "up_to_ten")]
    ids: Vec<Text<1, 80>>,
}

fn up_to_ten<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<Text<1, 80>>, D::Error> {
    let all: Vec<Text<1, 80>> = Vec::deserialize(from)?;
    match all.len() {
        0..=10 => Ok(all),
        _ => Err(serde::de::Error::custom("there are at most 10 vouchers")),
    }
}

/// The same as it was read.
#[derive(Clone, Debug, Default)]
pub(super) struct Chooses {
    automatic: bool,
    ids: Vec<VoucherId>,
}

impl VouchersBody {
    /// Errors: `NotFound` for what cannot be a voucher; both ways to choose at once.
    pub(super) fn read(it: Option<&VouchersBody>) -> Result<Chooses, Refusal> {
        let Some(it) = it else { return Ok(Chooses::default()) };
        let id = |it: &Text<1, 80>| it.as_str().parse().map_err(|_| hidden("such voucher").of("vouchers"));
        let ids = it.ids.iter().map(id).collect::<Result<Vec<VoucherId>, Refusal>>()?;
        if it.automatic && !ids.is_empty() {
            let why = "vouchers are chosen automatically or named, not both; send one of these";
            return Err(VoucherError::Invalid { field: "vouchers", why }.into());
        }
        Ok(Chooses { automatic: it.automatic, ids })
    }
}

impl Chooses {
    pub(super) fn choice(&self) -> Choice<'_> {
        match (self.automatic, self.ids.as_slice()) {
            (true, _) => Choice::Automatic,
            (false, []) => Choice::None,
            (false, ids) => Choice::These(ids),
        }
    }
}
