//! Who is sent what, and for how long.

use super::*;
use crate::language::Language;
use crate::notice::NoticeKind;
use crate::user::{Role, User, UserError};
use units::{AccountId, Timestamp};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + seconds).unwrap()
}

fn person(mail: &str, role: Role) -> Person {
    let house = House::Account(AccountId::named(at(0), "shop"));
    let id = UserId::named(at(0), mail);
    let user = User { id, house, mail: mail.into(), name: "n".into(), role, created: at(0), ended: None };
    Person { user, language: None, wishes: Vec::new() }
}

fn sent(kind: LetterKind, people: &[Person], addresses: &[Address]) -> Vec<String> {
    recipients(kind, people, addresses, Language::English).into_iter().map(|it| it.mail).collect()
}

/// Worked out by hand from docs/mail.md: which role is told what.
#[test]
fn roles_are_told_what_is_theirs() {
    let all = [Role::Owner, Role::Buyer, Role::Finance, Role::Reader].map(|it| person(it.as_str(), it));
    let told = |kind| sent(kind, &all, &[]).join(" ");
    assert_eq!(told(LetterKind::PackLow), "owner buyer");
    assert_eq!(told(LetterKind::OrderDelivered), "owner buyer");
    assert_eq!(told(LetterKind::BudgetReached), "owner finance");
    assert_eq!(told(LetterKind::InArrears), "owner finance");
    assert_eq!(told(LetterKind::Statement), "owner finance");
    assert_eq!(told(LetterKind::OrderReceipt), "owner buyer finance");
    assert_eq!(told(LetterKind::OrderFailed), "owner buyer finance");
    assert_eq!(told(LetterKind::DowngradeDone), "owner buyer finance");
    assert_eq!(told(LetterKind::ResourceStopped), "owner buyer finance");
    assert_eq!(told(LetterKind::ResourceReleased), "owner buyer");
}

#[test]
fn a_choice_counts_where_it_is_one() {
    let mut owner = person("owner", Role::Owner);
    let mut reader = person("reader", Role::Reader);
    for kind in [LetterKind::PackLow, LetterKind::InArrears] {
        owner.wishes.push((kind, Wish::Unwanted));
        reader.wishes.push((kind, Wish::Wanted));
    }
    let all = [owner, reader];
    assert_eq!(sent(LetterKind::PackLow, &all, &[]), ["reader"]);
    assert_eq!(sent(LetterKind::InArrears, &all, &[]), ["owner"]);
}

#[test]
fn an_address_is_written_to_once() {
    let all = [person("a@example.com", Role::Owner)];
    let of = |mail: &str, topics: &[Topic]| Address {
        mail: mail.into(),
        topics: topics.to_vec(),
        language: Some(Language::Chinese),
        created: at(0),
    };
    let addresses =
        [of("A@example.com", &[Topic::Finance]), of("b@example.com", &[Topic::Finance, Topic::Technical])];
    assert_eq!(sent(LetterKind::InArrears, &all, &addresses), ["a@example.com", "b@example.com"]);
    assert_eq!(sent(LetterKind::PackLow, &[], &addresses), ["b@example.com"]);
    let told = recipients(LetterKind::InArrears, &all, &addresses, Language::English);
    assert_eq!((told[0].language, told[1].language), (Language::English, Language::Chinese));
}

#[test]
fn an_address_with_a_line_break_is_refused() {
    for wrong in
        ["a@example.com\r\nBcc: b@example.com", "a@example.com\n", "a\n@example.com", "a@exam\rple.com"]
    {
        assert_eq!(address(wrong), Err(MailError::LineBreak), "{wrong:?}");
    }
    assert!(matches!(address("a.example.com"), Err(MailError::Address(UserError::Mail(_)))));
    assert_eq!(address(" A@Example.com ").unwrap(), "a@example.com");
}

/// Every kind of notice is told by a letter of the same word, and back.
#[test]
fn notices_and_letters_have_the_same_words() {
    for kind in NoticeKind::ALL {
        let letter = LetterKind::of(kind);
        assert_eq!((letter.as_str(), letter.notice()), (kind.as_str(), Some(kind)));
    }
    for kind in LetterKind::ALL {
        assert_eq!(LetterKind::parse(kind.as_str()), Some(kind));
    }
}

/// All tries of a mail that is never taken: ten within four days; where the server is away, every quarter of an hour.
#[test]
fn a_mail_is_tried_for_four_days_at_most() {
    let tries = |fault: Fault| {
        let (mut now, mut all) = (at(0), vec![0]);
        let count = |all: &[i64]| i64::try_from(all.len()).unwrap();
        while let Next::Again(then) =
            next(fault, Tries { all: count(&all), put_off: count(&all) }, at(0), now)
        {
            all.push(then.as_second() - at(0).as_second());
            now = then;
        }
        all
    };
    assert_eq!(tries(Fault::Never), [0]);
    assert_eq!(tries(Fault::Mail), [0, 60, 360, 1_260, 4_860, 15_660, 37_260, 80_460, 166_860, 253_260]);
    let server = tries(Fault::Server);
    assert_eq!(server[..6], [0, 60, 360, 1_260, 2_160, 3_060]);
    // (4 days − 360 s) / 900 s = 383.6: so many more after the third.
    assert_eq!(server.len(), 3 + 383);
}

/// The server was away for three days, which are 288 tries; then it puts the mail off: that is the first time that counts.
#[test]
fn an_outage_counts_against_no_mail() {
    let back = at(3 * 86_400);
    let first = next(Fault::Mail, Tries { all: 289, put_off: 1 }, at(0), back);
    assert_eq!(first, Next::Again(at(3 * 86_400 + 60)));
    let tenth = next(Fault::Mail, Tries { all: 298, put_off: 10 }, at(0), back);
    assert_eq!(tenth, Next::Dead);
    // Away again behind that: every quarter of an hour, up to the fourth day.
    let away = Tries { all: 290, put_off: 1 };
    assert_eq!(next(Fault::Server, away, at(0), at(345_600 - 900)), Next::Again(at(345_600)));
    assert_eq!(next(Fault::Server, away, at(0), at(345_600 - 899)), Next::Dead);
}

/// Whom a letter is for is asked once more before a mail of it goes out: the same answer as when it was addressed.
#[test]
fn a_mail_goes_to_whoever_the_letter_is_for() {
    let mut gone = person("a@example.com", Role::Owner);
    assert!(gone.is_for("A@example.com", LetterKind::PackLow));
    assert!(!gone.is_for("b@example.com", LetterKind::PackLow), "the address is not this person's any more");
    gone.wishes.push((LetterKind::PackLow, Wish::Unwanted));
    assert!(!gone.is_for("a@example.com", LetterKind::PackLow));
    assert!(gone.is_for("a@example.com", LetterKind::InArrears));
    assert!(gone.is_for("a@example.com", LetterKind::Invitation));
    gone.user.ended = Some(at(1));
    assert!(!gone.is_for("a@example.com", LetterKind::InArrears));
    let reader = person("r@example.com", Role::Reader);
    assert!(!reader.is_for("r@example.com", LetterKind::InArrears), "an owner who only reads now");
    let address = Address {
        mail: "ops@example.com".into(),
        topics: vec![Topic::Technical],
        language: None,
        created: at(0),
    };
    assert!(address.is_for("OPS@example.com", LetterKind::PackLow));
    assert!(!address.is_for("ops@example.com", LetterKind::InArrears));
}
