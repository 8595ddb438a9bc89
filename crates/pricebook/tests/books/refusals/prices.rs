//! Figures, tiers, units and what is counted: prices that cannot be charged.

use super::*;
use crate::{only, read};

#[test]
fn bands_and_tiers_that_do_not_meet() {
    let files = only(&["high-defence-ip"]);
    let check =
        |to: &'static str, what: &str| expect_refusal(&files, edit(BANDS, SECOND, to), spot(BANDS, to), what);
    check("bgp,5 Gbps,20 Gbps,2200.00", "overlaps the one above 0");
    check("bgp,12 Gbps,20 Gbps,2200.00", "nothing is priced above 10000000000 and up to 12000000000");
    check("bgp,20 Gbps,10 Gbps,2200.00", "the tier ends before it starts");
    check("bgp,10 parsecs,20 Gbps,2200.00", "`10 parsecs` is not an edge");
    expect_refusal(
        &files,
        edit(BANDS, SECOND, "bgp,10 Gbps,,2200.00"),
        spot(BANDS, "bgp,20 Gbps,30 Gbps"),
        "overlaps",
    );
    let gone = format!("{SECOND},published: elastic peak of one high-defence IP by the day\n");
    expect_refusal(
        &files,
        edit(BANDS, &gone, ""),
        spot(BANDS, "bgp,20 Gbps,30 Gbps"),
        "nothing is priced above 10000000000",
    );
    let caps = edit(
        "tables/ddos_ip_caps.csv",
        "400,published: the bands of each line\nmobile",
        "400 450,published: the bands of each line\nmobile",
    );
    expect_refusal(
        &files,
        caps,
        spot(BANDS, "unicom,0,"),
        // Of a peak of 450 Gbps the base of 10 costs nothing. Source: R-DDS-2.
        "ends at 400000000000 bit/s, but 440000000000 may be charged",
    );

    let files = only(&["high-defence-ip-absolute"]);
    let base = edit("tables/ddos_absolute_base.csv", ",20,6000.00", ",15,6000.00");
    expect_refusal(
        &files,
        base,
        spot("tables/ddos_absolute_elastic.csv", "guangzhou shanghai,20 Gbps"),
        "begins at 20000000000",
    );
}

#[test]
fn tiers_beside_their_component() {
    let files = only(&["cross-region-bandwidth"]);
    let path = "products/cross-region-bandwidth.toml";
    let check = |from: &str, to: &str, line: &'static str, what: &str| {
        expect_refusal(&files, edit(path, from, to), spot(path, line), what)
    };
    check("above = \"20\"", "above = \"19\"", "above = \"19\"", "overlaps the one above 0");
    check("above = \"20\"", "above = \"21\"", "above = \"21\"", "nothing is priced above 20 and up to 21");
    check("above = \"0\"", "above = \"1\"", "above = \"1\"", "nothing is priced up to 1");
    check("up_to = \"100\"", "up_to = \"90\"", "[component.price]", "ends at 90 Mbps, but 100 may be bought");
    check("up_to = \"100\"", "up_to = \"10\"", "above = \"20\"", "the tier ends before it starts");
    check("up_to = \"20\"", "up_to = \"20 h\"", "20 h", "`20 h` is not an edge");
    let files = only(&["server"]);
    let (path, line) = ("products/server.toml", "tiers = [");
    expect_refusal(
        &files,
        edit(path, "\"96 h\", \"360 h\"", "\"360 h\", \"96 h\""),
        spot("tables/server_types.csv", "S1.SMALL1"),
        "ends before it starts",
    );
    expect_refusal(&files, edit(path, "\"96 h\", \"360 h\"", "\"96 h\""), spot(path, line), "one edge less");
}

#[test]
fn what_is_on_sale_without_a_price() {
    let files = only(&["server"]);
    let row = "hongkong,1.00,published: network of servers by traffic\n";
    let traffic =
        (files.get("products/server.toml").unwrap().contains("id = \"traffic\""), "tables/traffic.csv");
    assert!(traffic.0);
    expect_refusal(
        &files,
        edit(traffic.1, row, ""),
        spot("products/server.toml", "[[component]]"),
        "component `traffic` has no price for region=hongkong",
    );
    let files = only(&["container", "container-pack"]);
    let row = edit("tables/container_packs.csv", "\"1U1G,1P4\",744,2481.98,", "\"1U1G,1P4\",744,,");
    expect_refusal(
        &files,
        row,
        spot("products/container-pack.toml", "[[component]]"),
        "has no price for hours=744 spec=1U1G,1P4",
    );
    let files = only(&["disk"]);
    let source = ",published: price overview of block storage\n";
    let row = format!("siliconvalley,enhanced,1.50{source}");
    expect_refusal(
        &files,
        edit("tables/disk_month.csv", &row, ""),
        spot("products/disk.toml", "[[component]]"),
        "has no price for region=siliconvalley type=enhanced",
    );
}

#[test]
fn figures_that_are_no_prices() {
    let files = only(&["server"]);
    let path = "tables/disk_hour.csv";
    let check = |to: &'static str, what: &str| {
        expect_refusal(&files, edit(path, "premium,0.0009,", to), spot(path, to), what)
    };
    check("premium,0.000000001,", "more than 8 digits behind the point");
    check("premium,-0.0009,", "is negative");
    check("premium,0.0009 CNY,", "is not a decimal number");
    check("premium,0.0009,more,", "as many cells");
    let row = "hongkong siliconvalley,premium,0.0005,published: price overview of block storage";
    expect_refusal(
        &files,
        edit(path, row, "hongkong siliconvalley,premium,0.0005,"),
        spot(path, "0.0005,"),
        "has no source",
    );
    let twice = format!("{row}\n{row}");
    expect_refusal(&files, edit(path, row, &twice), spot(path, row), "are prices of the same thing");
    let wider = row.replace("hongkong siliconvalley", "*");
    expect_refusal(&files, edit(path, row, &wider), spot(path, "premium"), "are prices of the same thing");
    let rate = edit("book.toml", "1 = \"0.87\"", "1 = \"0.871234567\"");
    expect_refusal(&files, rate, spot("book.toml", "[discount.s5]"), "`1` is not a step");
    let huge = edit("book.toml", "1 = \"0.87\"", "1 = \"9000000000000000000000000000000000\"");
    expect_refusal(&files, huge, spot("book.toml", "[discount.s5]"), "`1` is not a step");
}

#[test]
fn ends_before_starts() {
    let files = only(&["server"]);
    let (book, server) = ("book.toml", "products/server.toml");
    expect_refusal(
        &files,
        edit(book, "from = \"2016-01-01\"", "from = \"2016-01-01\"\nuntil = \"2015-01-01\""),
        spot(book, "until"),
        "the book ends at 2015-01-01",
    );
    expect_refusal(&files, edit(server, "to = 16000", "to = -1"), spot(server, "-1"), "invalid value");
    expect_refusal(
        &files,
        edit(server, "from = 20\nto = 500", "from = 500\nto = 20"),
        spot(server, "[[option]]"),
        "the range ends at 20",
    );
    expect_refusal(
        &files,
        edit(server, "[\"1 min\", \"5 min\"]", "[\"5 min\", \"1 min\"]"),
        spot(server, "delivery"),
        "shorter than the shortest",
    );
}

/// Source: R-PRC-19. Quantities beside a price are of its kind, or in its unit.
#[test]
fn quantities_of_another_kind() {
    let kinds = read("kinds");
    let (path, price) =
        ("products/api-calls.toml", "per = \"event\", size = 1000, amount = \"0.50\", source");
    let check =
        |to: &'static str, what: &str| expect_refusal(&kinds, edit(path, price, to), spot(path, to), what);
    check("per = \"event\", size = \"1000 GB\", amount = \"0.50\", source", "a package has no size");
    check(
        "per = \"event\", size = 1000, free = \"1 h\", amount = \"0.50\", source",
        "`1 h` is not a quantity of event",
    );
    let (path, egress) =
        ("products/egress-minimum.toml", "per = \"GB\", amount = \"0.80\", minimum = \"0.80\"");
    let check =
        |to: &'static str, what: &str| expect_refusal(&kinds, edit(path, egress, to), spot(path, to), what);
    check("per = \"GB\", amount = \"0.80\", started = \"1 h\"", "`1 h` is not a unit to start");
    check("per = \"GB\", amount = \"0.80\", free = \"20 Gbps\"", "`20 Gbps` is not a quantity of B");
    let (path, tier) = ("products/lookups.toml", "above = \"1000\"");
    expect_refusal(
        &kinds,
        edit(path, tier, "above = \"20 Gbps\""),
        spot(path, "above = \"20 Gbps\""),
        "`20 Gbps` is not an edge where event is counted",
    );
}

/// Source: R-PRC-19, R-PRC-16: free units are those of a cycle, which an order does not have.
#[test]
fn free_units_of_an_order() {
    let kinds = read("kinds");
    let (path, to) = ("products/domain.toml", "per = \"piece\", free = 1, amount");
    let free = edit(path, "per = \"piece\", amount", to);
    expect_refusal(&kinds, free, spot(path, to), "`free` does not go with meter `once`");
}

/// Source: R-MON-1, R-PRC-19.
#[test]
fn a_price_with_too_many_digits_is_told_as_one_of_more() {
    let mut kinds = read("kinds");
    let (path, price) = ("products/api-calls.toml", "size = 1000, amount = \"0.50\", source");
    let text = kinds.get(path).unwrap().replace(price, "size = 1000, amount = \"0.00000000125\", source");
    kinds.add(path, &text);
    let problem = &load(&kinds, None).unwrap_err()[0];
    assert!(problem.remedy.contains("the price of 1000 times as much, with a larger `per`"), "{problem}");
}

/// Source: R-QCS-3. What is a peak, a mean or an event of each resource is no quantity of the account.
#[test]
fn what_does_not_add_up_over_an_account() {
    let kinds = read("kinds");
    for (product, meter) in [
        ("transit", "percentile"),
        ("transit-top", "top_mean"),
        ("payments", "events"),
        ("archive", "held_mean"),
        ("lb-started", "held"),
    ] {
        let path = format!("products/{product}.toml");
        let line = format!("meter = \"{meter}\"");
        let after = format!("{line}\nscope = \"account\"");
        let what = format!("meter `{meter}` does not add up over the resources of an account");
        expect_refusal(&kinds, edit(&path, &line, &after), spot(&path, "[[component]]"), &what);
    }
}

/// Source: R-PRC-23. What counts whole of a life is time that adds up, of a month at most.
#[test]
fn what_counts_whole_of_a_life_is_time() {
    let kinds = read("kinds");
    for (product, meter, time, what) in [
        ("api-calls", "sum", "60 s", "`least_time` does not go with meter `sum`"),
        ("archive", "held_mean", "60 s", "`least_time` does not go with meter `held_mean`"),
        ("lb-started", "held", "32 d", "`least_time` is 32 d, longer than a month"),
        ("lb-started", "held", "a while", "`a while` is not a duration"),
    ] {
        let path = format!("products/{product}.toml");
        let line = format!("meter = \"{meter}\"");
        let after = format!("{line}\nleast_time = \"{time}\"");
        expect_refusal(&kinds, edit(&path, &line, &after), spot(&path, "[[component]]"), what);
    }
}

/// Source: R-PRC-24. What is charged of a month at most is time that adds up, on one clock for all of a resource.
#[test]
fn what_is_charged_of_a_month_at_most_is_time() {
    let kinds = read("kinds");
    for (product, meter, time, what) in [
        ("api-calls", "sum", "672 h", "`month_time` does not go with meter `sum`"),
        ("archive", "held_mean", "672 h", "`month_time` does not go with meter `held_mean`"),
        ("lb-started", "held", "0 s", "`month_time` is 0"),
        ("lb-started", "held", "a while", "`a while` is not a duration"),
    ] {
        let path = format!("products/{product}.toml");
        let line = format!("meter = \"{meter}\"");
        let after = format!("{line}\nmonth_time = \"{time}\"");
        expect_refusal(&kinds, edit(&path, &line, &after), spot(&path, "[[component]]"), what);
    }
    let mut two = kinds.clone();
    let path = "products/lb-started.toml";
    let before = two.get(path).unwrap().to_string();
    let other = "\n[[component]]\nid = \"other\"\nname = \"Other\"\ndue = \"day\"\nmeter = \"held\"\n\
        month_time = \"672 h\"\nbilled_while = [\"running\"]\n\
        price = { kind = \"per_unit\", per = \"hour\", amount = \"0.02\", source = \"demo\" }\n";
    let first = before.replacen("meter = \"held\"", "meter = \"held\"\nmonth_time = \"672 h\"", 1);
    two.add(path, &format!("{first}{other}"));
    expect_problem(&two, spot(path, "[[component]]"), "`instance` and `other` have a month_time");
}

/// Source: R-PRC-25. What is free is of a sum over the account and month, and the same wherever it is named.
#[test]
fn free_tiers_that_cannot_be_shared() {
    let kinds = read("kinds");
    let (path, line) = ("products/api-calls.toml", "unit = \"event\"");
    let tier = |scope: &str, name: &str, quantity: &str| {
        format!("{line}\n{scope}free_tier = {{ name = \"{name}\", quantity = \"{quantity}\" }}")
    };
    let account = "scope = \"account\"\n";
    for (after, what) in [
        (
            tier("", "calls", "10 events"),
            "`free_tier` goes with what is added up over the account by the month",
        ),
        (tier(account, "two words", "10 events"), "`two words` cannot be the name of a free tier"),
        (tier(account, "calls", "10 GB"), "`10 GB` is not a quantity that can be free of this price"),
        (tier(account, "calls", "0"), "`0` is not a quantity that can be free of this price"),
    ] {
        expect_refusal(&kinds, edit(path, line, &after), spot(path, "[[component]]"), what);
    }
    let mut two = kinds.clone();
    let first = tier(account, "calls", "10");
    let text = two.get(path).unwrap().replacen(line, "first", 1).replacen(line, "second", 1);
    let text = text.replacen("first", &first, 1).replacen("second", &first.replace("10", "20"), 1);
    two.add(path, &text);
    let what = "`calls` and `calls-above-allowance` name the free tier `calls` with different quantities";
    expect_problem(&two, spot(path, "[[component]]"), what);
}
