//! Sentences in both languages, with ids, with what looks like one, and with anything at all.

use super::*;

const HEX: &str = "019eb7696c008cf183c2a061049531a6";

fn ids(text: &str) -> Vec<&str> {
    parts(text).into_iter().filter(|it| matches!(it, Part::Id(_))).map(whole).collect()
}

fn whole(part: Part<'_>) -> &str {
    match part {
        Part::Text(it) | Part::Id(it) => it,
    }
}

#[test]
fn bills_orders_and_offers_are_links_and_nothing_else_is() {
    let (bill, order, offer) = (format!("bil_{HEX}"), format!("ord_{HEX}"), format!("off_{HEX}"));
    let told = format!("Correction t of 10:00 credits 1.00 CNY against {bill}/12: as {order}, by res_{HEX}");
    assert_eq!(ids(&told), [format!("{bill}/12"), order.clone()]);
    assert_eq!(ids(&format!("对账单 {bill} 退还 1.20 CNY：报价{offer}。")), [bill.clone(), offer.clone()]);
    assert_eq!(ids(&format!("bil_{}", &HEX[1..])), [""; 0], "too short");
    assert_eq!(ids("bil_019eb7696c008cf183c2a06104953中文"), [""; 0], "not of digits");
    assert_eq!(ids(&format!("{order}/3")), [order.as_str()], "an order has no lines");
    assert_eq!(
        address("/operator/customers/acc_1", &bill),
        format!("/operator/customers/acc_1/bills/{bill}")
    );
    assert_eq!(address("", &order), format!("/orders/{order}"));
    assert_eq!(address("/operator/customers/acc_1", &offer), format!("/offers/{offer}"));
}

#[test]
fn the_parts_are_the_sentence() {
    for text in ["", "bil_", "off_中", &format!("ord_{HEX}ord_{HEX}"), &format!("bil_{HEX}/x")] {
        let all: String = parts(text).into_iter().map(whole).collect();
        assert_eq!(all, text);
    }
}
