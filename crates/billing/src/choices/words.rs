//! Why a value cannot be chosen, in words.
//!
//! In:  a reason, the product that it is about. Out: a sentence in both languages.
//! Invariant: sentences say what may be chosen instead where that is short.

use super::Barred;
use crate::book::{Book, Product};
use crate::control::{option_name, value_name};
use crate::language::Language;
use crate::text::Text;

impl Barred {
    /// The reason as a sentence.
    pub fn sentence(&self, book: &Book, product: &Product) -> Text {
        match self {
            Barred::NotOnSale => Text::new("It is not on sale here.", "此处不出售。"),
            Barred::OffStep { from, to, step } => Text::new(
                format!("From {from} to {to}, in steps of {step}."),
                format!("范围 {from}–{to}，步长 {step}。"),
            ),
            Barred::NotWith { chosen } => not_with(book, product, chosen),
            Barred::Below { other, least } => {
                let other = option_name(product, other);
                Text::new(
                    format!("0, or not below {}, which is {least}.", other.en),
                    format!("须为 0，或不低于{}（{least}）。", other.zh),
                )
            }
            Barred::Retired => {
                Text::new("It is not sold any more; who has it keeps it.", "已停止出售，已购买的可继续使用。")
            }
            Barred::FewerMonths { least } => Text::new(
                format!("This choice is sold for {least} months or more."),
                format!("当前选择须购买 {least} 个月及以上。"),
            ),
        }
    }
}

fn not_with(book: &Book, product: &Product, chosen: &[(String, String)]) -> Text {
    let pair = |(option, value): &(String, String), language: Language| {
        let name = option_name(product, option);
        let value =
            product.option(option).map_or_else(|| Text::same(value), |rule| value_name(book, rule, value));
        language.say(format!("{} {}", name.en, value.en), format!("{}“{}”", name.zh, value.zh))
    };
    let all = |language: Language, between: &str| {
        chosen.iter().map(|it| pair(it, language)).collect::<Vec<_>>().join(between)
    };
    Text::new(
        format!("Not sold with {}.", all(Language::English, " and ")),
        format!("不能与{}一起购买。", all(Language::Chinese, "和")),
    )
}
