//! What is read, and what is not believed.

use super::*;

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
