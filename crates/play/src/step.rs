//! What a scenario says, line by line.

use billing::payment::split::Means;
use billing::refund::to_card::CashTo;
use billing::resource::renew::Flag;
use desk::orders::Item;
use desk::purchases::Pay;
use providers::cards::simulated::{Manner, Proof};
use units::{Currency, Timestamp};

mod vouchers;

pub use vouchers::{VoucherTerms, VoucherVerb, Vouchers};

/// Why a scenario was not played: where, what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    pub file: String,
    pub line: usize,
    pub what: String,
    pub remedy: String,
}

impl std::fmt::Display for Mistake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}. {}.", self.file, self.line, self.what, self.remedy)
    }
}

/// A whole scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    pub file: String,
    /// The leading comment: what the story shows and where its figures come from.
    pub title: Vec<String>,
    /// Price books that it names, each of another currency.
    pub books: Vec<String>,
    pub steps: Vec<Step>,
}

/// One line: when, and what happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub line: usize,
    /// The line as it was written, without its time.
    pub text: String,
    pub at: Timestamp,
    pub verb: Verb,
}

/// A price that changes from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reprice {
    pub product: String,
    pub component: String,
    pub amount: String,
    /// Where the tier begins that changes; all tiers without it.
    pub above: Option<String>,
    /// What chooses the price.
    pub pairs: Pairs,
    /// Of which price book; of the one that there is without it.
    pub currency: Option<Currency>,
}

/// What is done with contract prices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contract {
    Agree {
        account: String,
        id: String,
        /// Its currency is that of the account.
        price: Reprice,
        from: Option<Timestamp>,
        until: Option<Timestamp>,
    },
    End {
        account: String,
        id: String,
        until: Option<Timestamp>,
    },
    Commit(Commit),
}

/// What an account is to spend in each month from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    pub account: String,
    pub amount: String,
    /// Such as `2026-07`; the next month without it.
    pub from: Option<String>,
    pub until: Option<String>,
}

/// A price change that is proposed: the book that holds with one price changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposing {
    pub id: String,
    pub price: Reprice,
    pub from: Timestamp,
    /// Such as `2026-06`; the last one that is over without it.
    pub month: Option<String>,
    pub by: String,
    pub reason: String,
}

/// What somebody does with a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProposalStep {
    Compute,
    Agree,
    Reject,
    Withdraw,
    Apply,
    Undo,
}

/// What people put right: what of, and who says why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correct {
    pub what: Wrong,
    /// Without one it is called by its number.
    pub id: Option<String>,
    /// `_` stands for a space; without one it is refused.
    pub reason: String,
    /// Whose thing it is said to be.
    pub account: Option<String>,
}

/// What was wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// A reading by its id, and what it counts for; `None` for nothing.
    Reading {
        event: String,
        quantity: Option<u64>,
    },
    /// Bill `number` of an account, from 1 on in the order of `show bills`, and perhaps one of its lines.
    Credit {
        number: usize,
        line: Option<usize>,
        amount: String,
    },
    Debit {
        number: usize,
        line: Option<usize>,
        amount: String,
    },
    /// A price that should have been another one in `[from, until)`, of one account or all.
    Price {
        right: Reprice,
        from: Timestamp,
        until: Timestamp,
    },
}

impl Reprice {
    /// As a price book writes it.
    pub(crate) fn amendment(&self) -> String {
        let quoted = |text: &str| text.replace(['"', '\\'], "");
        let when: Vec<String> =
            self.pairs.iter().map(|it| format!("\"{}\" = [\"{}\"]", quoted(&it.0), quoted(&it.1))).collect();
        let above =
            self.above.as_ref().map_or_else(String::new, |it| format!("above = \"{}\"\n", quoted(it)));
        format!(
            "\n[[price]]\nproduct = \"{}\"\ncomponent = \"{}\"\nwhen = {{ {} }}\n{above}amount = \"{}\"\nsource = \"demo\"\n",
            quoted(&self.product),
            quoted(&self.component),
            when.join(", "),
            quoted(&self.amount)
        )
    }
}

/// What is done with cards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CardVerb {
    Add { account: String, card: String, manner: Manner },
    Pay { label: String, card: String, means: Means },
    TopUp { account: String, card: String, amount: String },
    Prove { label: String, proof: Proof },
}

/// What is done about deadlines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RenewalVerb {
    Renew(Renewed),
    Flag {
        name: String,
        flag: Flag,
    },
    /// For so many days what is prepaid runs on.
    NoStop {
        account: String,
        days: u32,
    },
    /// The day of the month on which what is prepaid ends; `None` for none.
    Day {
        account: String,
        day: Option<u32>,
    },
}

/// Resources that are renewed together, and what was quoted for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renewed {
    pub account: String,
    pub label: String,
    pub names: Vec<String>,
    pub months: u32,
    pub quoted: Option<String>,
    pub pay: Pay,
    pub vouchers: Vouchers,
}

/// A resource that is to be prepaid for so many months, and what was quoted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Converted {
    pub account: String,
    pub label: String,
    pub name: String,
    pub months: u32,
    pub quoted: Option<String>,
    pub pay: Pay,
    pub vouchers: Vouchers,
}

/// A resource that is changed, what is to be another of it, and what was quoted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    pub account: String,
    pub label: String,
    pub name: String,
    pub pairs: Pairs,
    pub quoted: Option<String>,
    /// The first and the last day of a raise for some days.
    pub days: [Option<String>; 2],
    pub pay: Pay,
    pub vouchers: Vouchers,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verb {
    Cloud(CloudRule),
    Account {
        name: String,
        pairs: Pairs,
    },
    TopUp {
        account: String,
        amount: String,
        pairs: Pairs,
    },
    Quote {
        account: String,
        items: Vec<Item>,
    },
    Order {
        account: String,
        label: String,
        items: Vec<Item>,
        cloud: Vec<Told>,
        vouchers: Vouchers,
    },
    Buy {
        account: String,
        label: String,
        items: Vec<Item>,
        cloud: Vec<Told>,
        vouchers: Vouchers,
    },
    /// With a choice, it takes the place of what was chosen before.
    Pay {
        label: String,
        vouchers: Option<Vouchers>,
    },
    Voucher(VoucherVerb),
    ByCard(CardVerb),
    Renewal(RenewalVerb),
    /// Gives something back; `least`: what is expected at least; `account`: who asks, where that is not its owner;
    /// `cash_to`: where its cash goes.
    Refund {
        name: String,
        least: Option<String>,
        account: Option<String>,
        cash_to: CashTo,
    },
    /// Pays only the first order of a purchase.
    PayFirst {
        label: String,
    },
    Cancel {
        label: String,
    },
    Deliver {
        name: String,
    },
    Fail {
        name: String,
    },
    Stop {
        name: String,
    },
    StopFree {
        name: String,
    },
    Start {
        name: String,
    },
    Release {
        name: String,
        done_seconds: Option<u64>,
    },
    Resize {
        name: String,
        pairs: Pairs,
    },
    Change(Changed),
    Convert(Converted),
    /// Makes something prepaid paid by use; `least`: what is expected back at least; `account`: who asks, where that is not its owner.
    ByUse {
        name: String,
        least: Option<String>,
        account: Option<String>,
    },
    ServiceStop {
        account: String,
        service: String,
    },
    ServiceStart {
        account: String,
        service: String,
        delay_seconds: Option<u64>,
    },
    /// Opens a project and puts resources into it.
    Project {
        account: String,
        name: String,
        resources: Vec<String>,
    },
    /// Writes tags on a resource, in place of those before.
    Tag {
        name: String,
        tags: Pairs,
    },
    /// Makes exactly these keys the cost tags of an account.
    CostTags {
        account: String,
        keys: Vec<String>,
    },
    Budget(Budget),
    /// An operator's offer: items with their prices.
    Offer {
        account: String,
        label: String,
        until: Timestamp,
        items: Vec<(Item, Price)>,
    },
    Accept {
        label: String,
        pay: Pay,
    },
    Decline {
        label: String,
    },
    Withdraw {
        label: String,
    },
    Use(Use),
    Reprice(Reprice),
    Contract(Contract),
    Propose(Proposing),
    Proposal {
        id: String,
        step: ProposalStep,
        by: String,
    },
    /// Agrees how much an account may owe; `day`: of the month, on which that is collected.
    Credit {
        account: String,
        limit: String,
        day: Option<u8>,
    },
    Correct(Correct),
    Settle,
    /// Tries accounts again that settlement set aside.
    Retry,
    Show(View),
    Expect(Expected),
}

/// What a story says of the step before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    Ok,
    Refused {
        code: String,
    },
    /// What a view shows after it.
    Lines {
        view: View,
        lines: Vec<String>,
    },
}

/// What becomes of a budget, by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    pub account: String,
    pub name: String,
    pub what: BudgetStep,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BudgetStep {
    /// Makes it, or gives it another amount or other thresholds.
    Set {
        amount: String,
        pairs: Pairs,
    },
    End,
}

/// The price of an item of an offer, as a scenario writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Price {
    Total(String),
    Rate(u64),
}

pub type Pairs = Vec<(String, String)>;

/// What else is said of one item: seconds until the simulated cloud delivers it, how many pieces fail, and what was quoted for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    pub delay_seconds: Option<u64>,
    pub failing: usize,
    /// In the currency of the account.
    pub quoted: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CloudRule {
    Delay(u64),
    AsProduct,
    /// Nothing is delivered until the scenario says so.
    Manual,
    ReleaseDelay(u64),
    /// Cycles close so long after their end.
    SettlementDelay(u64),
}

/// Usage of a resource: one reading, or one for every slot of a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    pub name: String,
    pub usage: String,
    pub quantity: u64,
    pub at: Option<Timestamp>,
    pub for_seconds: Option<u64>,
    pub key: String,
    pub event: Option<String>,
}

/// Something to look at: a word, and what narrows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    pub what: String,
    pub args: Vec<String>,
}
