//! What is read, and what is not believed.

use super::*;

fn read(text: &str) -> Result<Vec<Entry>, BankError> {
    super::read(text, &Calendar::settlement())
}

const CSV: &str = "id,date,amount,currency,payer,text,balance\n\
    B1,2026-06-01,100.00,CNY,Acme,RF18 thanks,1100.00\n\
    B2,2026-06-01,-30.00,CNY,Bank,fee,1070.00\n\
    B3,2026-06-02,5.50,CNY,\"Miller, Ann\",for June,1075.50\n";

fn camt(closing: &str, entries: &str) -> String {
    let balance = |code: &str, amount: &str| {
        format!(
            "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"CNY\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>"
        )
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>\
         <Stmt><Id>1</Id>{}{}<TxsSummry><TtlNtries><NbOfNtries>{entries}</NbOfNtries></TtlNtries></TxsSummry>\
         <Ntry><Amt Ccy=\"CNY\">250.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-06-03</Dt></BookgDt>\
         <AcctSvcrRef>N1</AcctSvcrRef><NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>Acme</Nm></Pty></Dbtr></RltdPties>\
         <RmtInf><Strd><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls></Ntry>\
         <Ntry><Amt Ccy=\"CNY\">50.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-06-03</Dt></BookgDt>\
         <AcctSvcrRef>N2</AcctSvcrRef></Ntry></Stmt></BkToCstmrStmt></Document>",
        balance("OPBD", "1000.00"),
        balance("CLBD", closing),
    )
}

#[test]
fn what_came_in_is_read() {
    let found = read(CSV).unwrap();
    let ids: Vec<(&str, i64)> = found.iter().map(|it| (it.id.as_str(), it.money.minor())).collect();
    assert_eq!(ids, [("B1", 10_000), ("B3", 550)]);
    assert_eq!(found[1].payer, "Miller, Ann");
    let found = read(&camt("1200.00", "2")).unwrap();
    assert_eq!((found.len(), found[0].money.minor(), found[0].payer.as_str()), (1, 25_000, "Acme"));
    assert_eq!(found[0].text, "RF18539007547034");
}

/// Source: R-MON-5. Sums have the digits of their currency: a yen has none, a dinar three.
#[test]
fn statements_are_read_in_any_currency() {
    let of = |code: &str, sum: &str| {
        let text = format!(
            "id,date,amount,currency,payer,text,balance\nB1,2026-06-01,{sum},{code},Acme,RF18,{sum}\n"
        );
        read(&text).map(|it| it[0].money.minor())
    };
    assert_eq!(of("JPY", "5000"), Ok(5_000));
    assert_eq!(of("KWD", "5.125"), Ok(5_125));
    assert!(of("JPY", "5000.5").is_err() && of("CNY", "5.125").is_err() && of("XAU", "5").is_err());
    let yen = camt("1200.00", "2").replace("CNY", "JPY").replace(".00<", "<");
    assert_eq!(read(&yen).unwrap()[0].money.to_string(), "250");
}

#[test]
fn a_statement_that_is_not_whole_is_refused() {
    assert!(matches!(read(&CSV.replace("1070.00", "1071.00")), Err(BankError::Unbalanced { .. })));
    assert!(matches!(read(&camt("1200.01", "2")), Err(BankError::Unbalanced { .. })));
    assert!(matches!(read(&camt("1200.00", "3")), Err(BankError::Unbalanced { .. })));
    let without = CSV.lines().filter(|it| !it.starts_with("B2")).collect::<Vec<_>>().join("\n");
    assert!(matches!(read(&without), Err(BankError::Unbalanced { .. })));
}

#[test]
fn what_cannot_be_read_says_where() {
    for (text, line) in [
        (CSV.replace("5.50", "many"), 4),
        (CSV.replace("2026-06-02", "tomorrow"), 4),
        (CSV.replace("B2", ""), 3),
    ] {
        assert!(matches!(read(&text), Err(BankError::Line { line: found, .. }) if found == line), "{text}");
    }
    for text in ["", "<", "<a/>", "id,date\n", "\u{feff}<Document><Stmt/></Document>"] {
        assert!(read(text).is_err(), "{text}");
    }
    assert!(read(&camt("1200.00", "2").replace("Ccy=\"CNY\">250", "Ccy=\"XXX\">250")).is_err());
}

/// What was read, as `id sum`.
fn listed(text: &str) -> Vec<String> {
    read(text).unwrap().iter().map(|it| format!("{} {}", it.id, it.money)).collect()
}

const TWO_PAYERS: &str = "<NtryDtls><TxDtls><Amt Ccy=\"CNY\">100.00</Amt><RltdPties><Dbtr><Nm>Acme</Nm></Dbtr></RltdPties>\
    <RmtInf><Ustrd>RF18 one</Ustrd></RmtInf></TxDtls>\
    <TxDtls><AmtDtls><TxAmt><Amt Ccy=\"CNY\">150.00</Amt></TxAmt></AmtDtls><RltdPties><Dbtr><Nm>Miller</Nm></Dbtr></RltdPties>\
    <RmtInf><Ustrd>two</Ustrd></RmtInf></TxDtls></NtryDtls>";

/// The first entry of the statement with these details in place of its own.
fn with_details(details: &str) -> String {
    let text = camt("1200.00", "2");
    let (from, to) = (text.find("<NtryDtls>").unwrap(), text.find("</NtryDtls>").unwrap() + 11);
    format!("{}{details}{}", &text[..from], &text[to..])
}

#[test]
fn a_batch_is_one_entry_for_each_payer() {
    let found = read(&with_details(TWO_PAYERS)).unwrap();
    let of = |it: &Entry| format!("{} {} {} {}", it.id, it.money, it.payer, it.text);
    let of: Vec<String> = found.iter().map(of).collect();
    assert_eq!(of, ["N1/1 100.00 Acme RF18 one", "N1/2 150.00 Miller two"]);
    // Where the sums do not come to the batch, or are not said, it stays whole, and nobody's reference is read of it.
    for other in
        [TWO_PAYERS.replace("150.00", "149.00"), TWO_PAYERS.replace("<Amt Ccy=\"CNY\">100.00</Amt>", "")]
    {
        let found = read(&with_details(&other)).unwrap();
        assert_eq!((found.len(), found[0].id.as_str(), found[0].text.as_str()), (1, "N1", ""));
        assert_eq!((found[0].money.minor(), found[0].payer.as_str()), (25_000, "Acme, Miller"));
    }
}

#[test]
fn an_entry_without_a_name_is_named_by_its_place() {
    let account = "<Id>S7</Id><Acct><Id><IBAN>DE02120300000000202051</IBAN></Id></Acct>";
    let text = camt("1200.00", "2").replace("<Id>1</Id>", account);
    let named = "<AcctSvcrRef>N1</AcctSvcrRef>";
    for none in [
        "",
        "<AcctSvcrRef>NONREF</AcctSvcrRef>",
        "<AcctSvcrRef>NotProvided</AcctSvcrRef>",
        "<NtryRef>1</NtryRef>",
    ] {
        assert_eq!(listed(&text.replace(named, none)), ["DE02120300000000202051/S7/1 250.00"], "{none}");
    }
    assert!(matches!(read(&camt("1200.00", "2").replace(named, "")), Err(BankError::Line { .. })));
    // The bank's name of the one transaction is as good.
    let inside = text.replace(named, "").replace("<TxDtls>", &format!("<TxDtls><Refs>{named}</Refs>"));
    assert_eq!(listed(&inside), ["N1 250.00"]);
}

#[test]
fn no_two_entries_of_a_file_have_one_name() {
    assert!(matches!(read(&CSV.replace("B3", "B1")), Err(BankError::Unreadable(it)) if it.contains("B1")));
    let long = "B".repeat(81);
    assert!(matches!(read(&CSV.replace("B3", &long)), Err(BankError::Line { line: 4, .. })));
    assert_eq!(listed(&CSV.replace("B3", &long[1..]))[1], format!("{} 5.50", &long[1..]));
}

#[test]
fn what_is_not_booked_counts_nowhere() {
    let entry = "<Ntry><Amt Ccy=\"CNY\">7.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>PDNG</Sts>\
        <BookgDt><Dt>2026-06-03</Dt></BookgDt><AcctSvcrRef>N3</AcctSvcrRef></Ntry>";
    let with = |entry: &str| camt("1200.00", "3").replace("</Stmt>", &format!("{entry}</Stmt>"));
    for other in [entry, &entry.replace("PDNG", "INFO"), &entry.replace("PDNG", "\n  <Cd>PDNG</Cd>\n")] {
        assert_eq!(listed(&with(other)), ["N1 250.00"], "{other}");
    }
    assert!(matches!(read(&with(&entry.replace("PDNG", "BOOK"))), Err(BankError::Unbalanced { .. })));
    assert_eq!(listed(&camt("1200.00", "2").replace("OPBD", "PRCD")), ["N1 250.00"]);
}

/// Money that came in and went back: it is not taken for a fee of ours, and not lost of sight.
#[test]
fn what_went_back_is_listed_below_zero() {
    let back = camt("1200.00", "2")
        .replace("<CdtDbtInd>DBIT</CdtDbtInd>", "<CdtDbtInd>DBIT</CdtDbtInd><RvslInd>true</RvslInd>");
    assert_eq!(listed(&back), ["N1 250.00", "N2 reversal -50.00"].map(String::from));
}

/// A day is the bank's day on the calendar of the books.
#[test]
fn days_are_those_of_the_calendar() {
    let berlin = Calendar::in_zone("Europe/Berlin").unwrap();
    let at = |calendar: &Calendar| super::read(CSV, calendar).unwrap()[0].booked.to_string();
    assert_eq!(at(&Calendar::settlement()), "2026-05-31T16:00:00Z");
    assert_eq!(at(&berlin), "2026-05-31T22:00:00Z");
}

#[test]
fn more_entries_than_are_taken_at_once_are_refused() {
    let line = |at: usize| format!("B{at},2026-06-01,1.00,CNY,,,{}.00\n", at + 1);
    let file = |count: usize| {
        let lines: String = (0..count).map(line).collect();
        format!("id,date,amount,currency,payer,text,balance\n{lines}")
    };
    assert_eq!(read(&file(MOST_ENTRIES)).unwrap().len(), MOST_ENTRIES);
    assert!(matches!(read(&file(MOST_ENTRIES + 1)), Err(BankError::Unreadable(it)) if it.contains("parts")));
}

#[test]
fn what_is_wrong_with_a_line_names_the_column_and_what_to_do() {
    for (text, column) in [
        (CSV.replace("5.50", "many"), "`amount`"),
        (CSV.replace("1075.50", "much"), "`balance`"),
        (CSV.replace("2026-06-02", "tomorrow"), "`date`"),
        (CSV.replace("5.50,CNY", "5.50,XXX"), "`currency`"),
        (CSV.replace("B2", ""), "`id`"),
    ] {
        let said = read(&text).unwrap_err().to_string();
        assert!(said.contains(column) && said.contains("write"), "{said}");
    }
}
