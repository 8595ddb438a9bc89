//! Every kind of mail in every language.

use super::*;
use desk::letters::Back;
use units::{Currency, Money};

fn desk() -> Desk {
    Desk::empty()
}

fn of(kind: LetterKind, language: Language, leave: Option<&str>) -> Written {
    let desk = desk();
    let at = desk.calendar.parse("2026-06-18 12:00:00").unwrap();
    let told = sample(kind, Sample { desk: &desk, at });
    let to = To {
        kind,
        language,
        account: SAMPLE,
        base: "https://console.example",
        leave,
        reader: Reader::Person,
    };
    written(&desk, &told, &to)
}

/// Nothing is fetched, nothing runs, and both parts say what the letter tells.
#[test]
fn every_mail_says_the_same_as_text_and_as_html() {
    for kind in LetterKind::ALL {
        for language in Language::ALL {
            let it = of(kind, language, Some("https://console.example/mail/leave/0"));
            let what = format!("{} in {}", kind.as_str(), language.as_str());
            assert!(!it.subject.is_empty() && it.subject.chars().count() <= 90, "{what}: {}", it.subject);
            for part in [&it.text, &it.html] {
                assert!(part.contains("https://console.example/mail/leave/0"), "{what}: {part}");
            }
            for word in ["<img", "<script", "<link", "src=", "url(", "@import", "<style"] {
                assert!(!it.html.contains(word), "{what}: {word} in {}", it.html);
            }
            assert!(it.html.contains(&format!("<html lang=\"{}\">", language.as_str())), "{what}");
            let elsewhere = it.html.split("https://").skip(1).filter(|it| !it.starts_with("console.example"));
            assert_eq!(elsewhere.count(), 0, "{what}: {}", it.html);
            let has_chinese = it.text.chars().any(|it| ('\u{4e00}'..='\u{9fff}').contains(&it));
            assert_eq!(has_chinese, language == Language::Chinese, "{what}: {}", it.text);
        }
    }
}

#[test]
fn figures_are_those_of_the_letter() {
    let receipt = of(LetterKind::OrderReceipt, Language::English, None);
    assert_eq!(receipt.subject, "Receipt: 142.00 CNY paid");
    assert!(
        receipt.text.contains("\n2 × server, web, 1 month: 142.00 CNY\nPaid: 142.00 CNY\n"),
        "{}",
        receipt.text
    );
    let delivered = of(LetterKind::OrderDelivered, Language::Chinese, None);
    assert_eq!(delivered.subject, "web 已交付");
    assert!(delivered.text.contains("\nweb-1：10.77.0.1\nweb-2：10.77.0.2\n"), "{}", delivered.text);
    let low = of(LetterKind::PackLow, Language::English, None);
    // 20 % of 2,592,000 s are 518,400 s, which are 144 h of 720 h.
    assert!(low.text.contains("no more than 144 hours of 720 hours were left"), "{}", low.text);
    assert!(!low.text.contains("Send me no more"), "{}", low.text);
    let statement = of(LetterKind::Statement, Language::English, None);
    assert_eq!(statement.subject, "Statement for June 2026: 228.40 CNY");
}

fn said(kind: LetterKind, told: &Told, language: Language) -> String {
    let to = To {
        kind,
        language,
        account: SAMPLE,
        base: "https://c.example",
        leave: None,
        reader: Reader::Person,
    };
    written(&desk(), told, &to).text
}

/// Of 142.00 a card pays all or 42.00: a receipt says by what was paid, and nothing that a card did not pay is given back.
#[test]
fn mails_say_what_a_card_pays() {
    let desk = desk();
    let at = desk.calendar.parse("2026-06-18 12:00:00").unwrap();
    let yuan = |fen: i64| Money::from_minor(fen, Currency::CNY);
    let of = |kind| sample(kind, Sample { desk: &desk, at });
    let Told::Receipt { orders, total, .. } = of(LetterKind::OrderReceipt) else { panic!("no receipt") };
    let receipt = |card, language| {
        said(LetterKind::OrderReceipt, &Told::Receipt { orders: orders.clone(), total, card }, language)
    };
    for (card, english, chinese) in [
        (None, "This was paid from the balance of your account.", "以下款项已从账户余额支付。"),
        (Some(total), "This was paid by card.", "以下款项已通过银行卡支付。"),
        (
            Some(yuan(4_200)),
            "42.00 CNY of this was paid by card, the rest from the balance of your account.",
            "以下款项中，42.00 元通过银行卡支付，其余从账户余额支付。",
        ),
    ] {
        assert!(receipt(card, Language::English).contains(&format!("\n{english}\n")), "{english}");
        assert!(receipt(card, Language::Chinese).contains(&format!("\n{chinese}\n")), "{chinese}");
    }
    let Told::Failed { order, .. } = of(LetterKind::OrderFailed) else { panic!("no failure") };
    for (free, card, says) in [
        (
            14_200,
            0,
            "\n142.00 CNY that was held for it is free again and can be spent at once.\n\nOrder again",
        ),
        (
            10_000,
            4_200,
            "\n100.00 CNY that was held for it is free again and can be spent at once.\n\nYour card is not",
        ),
        (0, 14_200, "could not be delivered\n\nYour card is not charged for it.\n\nOrder again"),
        (0, 0, "could not be delivered\n\nNothing was charged for it.\n\nOrder again"),
    ] {
        let back = Back { free: yuan(free), card: yuan(card) };
        let text =
            said(LetterKind::OrderFailed, &Told::Failed { order: order.clone(), back }, Language::English);
        assert!(text.contains(says), "{says}: {text}");
    }
    let Told::Delivered { order, resources, .. } = of(LetterKind::OrderDelivered) else {
        panic!("nothing came")
    };
    let back = Some(Back { free: yuan(0), card: yuan(7_100) });
    let text =
        said(LetterKind::OrderDelivered, &Told::Delivered { order, resources, back }, Language::English);
    assert!(
        text.starts_with("web is delivered in part\n\nA part could not be delivered.\n\nYour card"),
        "{text}"
    );
}

#[test]
fn what_people_wrote_is_text_in_html() {
    let desk = desk();
    let at = desk.calendar.parse("2026-06-18 12:00:00").unwrap();
    let Told::Receipt { mut orders, total, .. } =
        sample(LetterKind::OrderReceipt, Sample { desk: &desk, at })
    else {
        panic!("no receipt")
    };
    orders[0].name = "<b>\r\nBcc: x@example.com".into();
    let kind = LetterKind::OrderDelivered;
    let order = orders.remove(0);
    let told =
        Told::Delivered { order, resources: Vec::new(), back: Some(Back { free: total, card: total }) };
    let to = To {
        kind,
        language: Language::English,
        account: SAMPLE,
        base: "https://c.example",
        leave: None,
        reader: Reader::Person,
    };
    let it = written(&desk, &told, &to);
    assert!(!it.subject.contains(['\r', '\n']), "{:?}", it.subject);
    assert!(it.html.contains("&lt;b&gt;") && !it.html.contains("<b>"), "{}", it.html);
}

/// What the till did by itself, with a name where it is one resource's, and a downgrade with what came back of it or without.
#[test]
fn what_arrears_deadlines_and_downgrades_did_is_said() {
    let desk = desk();
    let at = desk.calendar.parse("2026-06-18 12:00:00").unwrap();
    let stopped = of(LetterKind::ResourceStopped, Language::English, None);
    assert_eq!(stopped.subject, "Resources are stopped: something is owed");
    assert!(
        stopped.text.contains("On 18 June 2026, 12:00, resources of your account were stopped"),
        "{}",
        stopped.text
    );
    assert!(stopped.text.contains("https://console.example/"), "{}", stopped.text);
    let recycled = of(LetterKind::ResourceRecycled, Language::Chinese, None);
    assert_eq!(recycled.subject, "web-1 已进入回收站");
    let released = of(LetterKind::ResourceReleased, Language::English, None);
    assert_eq!(released.subject, "web-1 is deleted");
    let owed = said(LetterKind::ResourceReleased, &Told::Ended { at, resource: None }, Language::Chinese);
    assert!(owed.starts_with("资源已删除：账户欠费\n"), "{owed}");
    let lowered = of(LetterKind::DowngradeDone, Language::English, None);
    assert_eq!(lowered.subject, "web is changed: 183.92 CNY went back");
    assert!(lowered.text.contains("\ntype: S1.SMALL1\n"), "{}", lowered.text);
    assert!(lowered.text.contains("\nWent back: 183.92 CNY\n"), "{}", lowered.text);
    let Told::Lowered { order, back } = sample(LetterKind::DowngradeDone, Sample { desk: &desk, at }) else {
        panic!("no downgrade")
    };
    let none = Told::Lowered { order, back: Money::zero(back.currency()) };
    let text = said(LetterKind::DowngradeDone, &none, Language::English);
    assert!(text.starts_with("web is changed\n") && text.contains("no money moved"), "{text}");
    assert!(!text.contains("Went back"), "{text}");
}
