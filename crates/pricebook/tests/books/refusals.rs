//! What `till pricebook check` refuses: a book broken in one place, the file and line that are named, the remedy.

use crate::{only, read, text};
use pricebook::{Files, load};

/// One text of one file replaced by another, once.
struct Edit<'a> {
    path: &'a str,
    from: &'a str,
    to: &'a str,
}

fn edit<'a>(path: &'a str, from: &'a str, to: &'a str) -> Edit<'a> {
    Edit { path, from, to }
}

/// Where the problem is told: a file and the text of its line.
struct Spot<'a> {
    file: &'a str,
    line: &'a str,
}

fn spot<'a>(file: &'a str, line: &'a str) -> Spot<'a> {
    Spot { file, line }
}

/// Edits one file; the first problem must be told at `spot` and say `what`.
#[track_caller]
fn expect_refusal(files: &Files, edit: Edit<'_>, spot: Spot<'_>, what: &str) {
    let before = files.get(edit.path).unwrap();
    assert!(before.contains(edit.from), "{} has no {}", edit.path, edit.from);
    let mut broken = files.clone();
    broken.add(edit.path, &before.replacen(edit.from, edit.to, 1));
    expect_problem(&broken, spot, what);
}

#[track_caller]
fn expect_problem(files: &Files, spot: Spot<'_>, what: &str) {
    let problems = load(files, None).err().unwrap_or_else(|| panic!("{what}: it was not refused"));
    let first = &problems[0];
    let there = files.get(spot.file).and_then(|it| it.lines().nth(first.line - 1)).unwrap_or("");
    assert!(
        first.file == spot.file && there.contains(spot.line) && first.what.contains(what),
        "{}at: {there}",
        text(&problems)
    );
    assert!(first.remedy.len() > 5 && !first.remedy.ends_with('.'), "{first}");
}

const BANDS: &str = "tables/ddos_ip_elastic.csv";
const SECOND: &str = "bgp,10 Gbps,20 Gbps,2200.00";

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
fn references_to_nothing() {
    let files = only(&["server", "volume", "volume-pack", "high-defence-ip", "high-defence-packet"]);
    let server = "products/server.toml";
    let check = |from: &str, to: &str, line: &'static str, what: &str| {
        expect_refusal(&files, edit(server, from, to), spot(server, line), what)
    };
    check(
        "table = \"traffic.csv\"",
        "table = \"trafic.csv\"",
        "trafic.csv",
        "there is no table tables/trafic.csv",
    );
    check("column = \"month\"", "column = \"moon\"", "moon", "tables/server_types.csv has no column `moon`");
    check(
        "quantity = \"bandwidth\"",
        "quantity = \"width\"",
        "[[component]]",
        "option `width`, which the product does not have",
    );
    check(
        "when = { network = [\"traffic\"] }",
        "when = { net = [\"traffic\"] }",
        "[[component]]",
        "names option `net`",
    );
    check(
        "when = { network = [\"traffic\"] }",
        "when = { network = [\"wire\"] }",
        "[[component]]",
        "network=wire, which cannot be chosen",
    );
    check("by_use = \"traffic\"", "by_use = \"wire\"", "#", "network=wire, which cannot be chosen");
    check("prepaid = \"bandwidth\"", "prepaid = \"none\"", "#", "nothing more is paid by the month");
    check(
        "{ disk = \"data_disk_type\" }",
        "{ disk = \"disk_type\" }",
        "disk_type",
        "keys names option `disk_type`",
    );
}

/// What goes back is counted by the refund, and what it becomes can be chosen. Source: R-CNV-2.
#[test]
fn what_is_paid_by_use_again() {
    let (files, disk) = (only(&["disk"]), "products/disk.toml");
    let check = |from: &'static str, to: &'static str, what: &str| {
        expect_refusal(&files, edit(disk, from, to), spot(disk, "#"), what);
    };
    let back = "by_use_as = { charge = \"payg\" }";
    check("rest = \"used\"\nused_as = { charge = \"payg\" }", "rest = \"kept\"", "no refund counts use");
    check(back, "by_use_as = { charge = \"never\" }", "charge=never, which cannot be chosen");
    check(back, "by_use_as = { payment = \"payg\" }", "a conversion names option `payment`");
}

#[test]
fn references_between_files() {
    let files = only(&["server", "volume", "volume-pack", "high-defence-ip", "high-defence-packet"]);
    let traffic = "tables/traffic.csv";
    expect_refusal(
        &files,
        edit(traffic, "hongkong,1.00", "atlantis,1.00"),
        spot(traffic, "atlantis"),
        "region=atlantis, which cannot be chosen",
    );
    let types = "tables/server_types.csv";
    expect_refusal(
        &files,
        edit(types, "0.1428,general", "0.1428,generous"),
        spot(types, "generous"),
        "discount table `generous`",
    );
    let (volume, pack) = ("products/volume.toml", "products/volume-pack.toml");
    expect_refusal(
        &files,
        edit(volume, "pack = \"volume\"", "pack = \"disk\""),
        spot(pack, "#"),
        "nothing is covered by packs of family `volume`",
    );
    expect_refusal(
        &files,
        edit(pack, "family = \"volume\"", "family = \"disk\""),
        spot(pack, "#"),
        "nothing is covered by packs of family `disk`",
    );
    expect_refusal(
        &files,
        edit(pack, "hours = \"hours\"", "hours = \"days\""),
        spot(pack, "#"),
        "the pack names option `days`",
    );
    let ip = "products/high-defence-ip.toml";
    expect_refusal(
        &files,
        edit(ip, "at_least = \"base\"", "at_least = \"bass\""),
        spot(ip, "[[option]]"),
        "not below `bass`",
    );
    expect_refusal(
        &files,
        edit(ip, "columns = [\"line\", \"base\"]", "columns = [\"line\", \"bass\"]"),
        spot(ip, "[[offers]]"),
        "no column `bass`",
    );
    let packet = "products/high-defence-packet.toml";
    expect_refusal(
        &files,
        edit(packet, "base = [\"5\"], region", "base = [\"6\"], region"),
        spot(packet, "base = [\"6\"]"),
        "base=6, which cannot be chosen",
    );
    expect_refusal(
        &files,
        edit(packet, "default = \"0\"", "default = \"1\""),
        spot(packet, "[[option]]"),
        "cannot be its default 1",
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

#[test]
fn what_cannot_be_read() {
    let files = only(&["server"]);
    let (book, server) = ("book.toml", "products/server.toml");
    expect_refusal(&files, edit(book, "CNY", "EUX"), spot(book, "EUX"), "`EUX` is not a currency");
    expect_refusal(
        &files,
        edit(book, "\"+08:00\"", "\"the moon\""),
        spot(book, "zone"),
        "`the moon` is not a zone",
    );
    expect_refusal(
        &files,
        edit(book, "from = \"2016-01-01\"", "from = \"soon\""),
        spot(book, "soon"),
        "`soon` is not a time",
    );
    expect_refusal(
        &files,
        edit(book, "\"guangzhou-2\"", "\"guangzhou 2\""),
        spot(book, "[[region]]"),
        "`guangzhou 2` is no name",
    );
    expect_refusal(
        &files,
        edit(book, "\"shanghai-2\"", "\"guangzhou-2\""),
        spot(book, "[[region]]"),
        "there are two zones `guangzhou-2`",
    );
    expect_refusal(&files, edit(book, "name = \"demo\"", "name = demo"), spot(book, "name = demo"), "string");
    let check = |from: &str, to: &str, line: &'static str, what: &str| {
        expect_refusal(&files, edit(server, from, to), spot(server, line), what)
    };
    check("meter = \"clock\"", "meter = \"watch\"", "[[component]]", "`watch` is not a meter");
    check("due = \"hour\"", "due = \"week\"", "[[component]]", "`week` is not known here");
    check("due = \"hour\"", "due = \"order\"", "[[component]]", "does not go with due");
    check("kind = \"graduated\"", "kind = \"gradual\"", "gradual", "`gradual` is not known here");
    check("contract = \"applies\"", "contract = \"aplies\"", "[[component]]", "`aplies` is not known here");
    check("resize = \"allowed\"", "resize = \"yes\"", "[[option]]", "`yes` is not known here");
    check("recycle = \"2 h\"", "recycle = \"2\"", "recycle", "`2` is not a duration");
    check(
        "per = \"GB\"",
        "per = \"hour\"",
        "per = \"hour\"",
        "does not go with a `per_unit` price per `hour`",
    );
    check("per = \"GB\"", "per = \"month\"", "per = ", "a price of B cannot be per `month`");
    check("unit = \"B\"", "unit = \"piece\"", "price = ", "a price of piece cannot be per `GB`");
    check("less = 20", "lest = 20", "lest = 20", "unknown field");
    check("id = \"compute\"", "id = \"hardware\"", "#", "there are two components `hardware`");
    check(
        "when = { charge = [\"payg\"], network = [\"bandwidth\"] }",
        "",
        "[[component]]",
        "not always asked for",
    );
    check(
        "months = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 24, 36, 48, 60]",
        "",
        "#",
        "no number of months is on sale",
    );
}

#[test]
fn books_without_a_part() {
    expect_problem(&Files::default(), spot("book.toml", ""), "the book has no book.toml");
    let mut files = Files::default();
    files.add("book.toml", only(&[]).get("book.toml").unwrap());
    expect_problem(&files, spot("book.toml", "#"), "the book sells nothing");
    let mut twice = only(&["eip"]);
    let eip = twice.get("products/eip.toml").unwrap().to_string();
    twice.add("products/other.toml", &eip);
    expect_problem(&twice, spot("products/other.toml", "#"), "there are two products `eip`");
}

/// Source: R-PRC-26: what is billed under this word does not count as spent.
#[test]
fn no_product_is_called_as_bills_of_commitments_are() {
    let (files, path) = (only(&["eip"]), "products/eip.toml");
    let called = edit(path, "id = \"eip\"", "id = \"commitment\"");
    expect_refusal(&files, called, spot(path, ""), "a product cannot be called `commitment`");
}

#[test]
fn amendments_of_nothing() {
    let mut files = only(&["container", "container-pack"]);
    let mut check = |text: &str, line: &str, what: &str| {
        files.add("amendments.toml", text);
        expect_problem(&files, spot("amendments.toml", line), what);
    };
    let one = "# June\n[[price]]\nproduct = \"container\"\ncomponent = \"compute\"\nwhen = { spec = [\"1U1G\"] }\namount = \"0.20\"\nsource = \"demo\"\n";
    check(
        &one.replace("\"compute\"", "\"memory\""),
        "[[price]]",
        "there is no component `memory` of `container`",
    );
    check(&one.replace("1U1G", "1U3G"), "[[price]]", "no price per unit fits");
    check(&one.replace("0.20", "0.123456789"), "[[price]]", "more than 8 digits");
    check(&one.replace("amount", "price"), "price = ", "unknown field");
    check(&one.replace("[[price]]", "[[price]"), "[[price]", "");
}

/// Every problem is told at once, and the same way each time.
#[test]
fn all_problems_are_told() {
    let mut files = read("kinds");
    for path in ["products/stamps.toml", "products/payments.toml"] {
        let broken = files
            .get(path)
            .unwrap()
            .replace("source = \"demo\"", "source = \"\"")
            .replace("demo\"\n", "x\"\n");
        files.add(path, &broken);
    }
    let problems = load(&files, None).unwrap_err();
    assert_eq!(
        problems.iter().map(|it| it.file.as_str()).collect::<Vec<_>>(),
        ["products/payments.toml", "products/stamps.toml"]
    );
    assert_eq!(load(&files, None).unwrap_err(), problems);
}

/// Source: R-TIM-10. A book of the first format, applied before such zones were refused, still loads.
#[test]
fn a_zone_whose_clock_is_set_by_half_an_hour() {
    let files = only(&["container", "container-pack"]);
    let (path, before) = ("book.toml", "zone = \"+08:00\"");
    let to = "zone = \"Australia/Lord_Howe\"";
    let line = spot(path, to);
    expect_refusal(
        &files,
        edit(path, before, to),
        line,
        "is set by other than whole hours at 2016-04-02T15:00:00Z",
    );
    let mut early = files.clone();
    early.add(path, &files.get(path).unwrap().replace(before, &format!("format = 1\n{to}")));
    assert!(load(&early, None).is_ok());
    let format = edit(path, before, "zone = \"+08:00\"\nformat = 9");
    expect_refusal(&files, format, spot(path, "format = 9"), "there is no format 9");
    for zone in ["Europe/Berlin", "Asia/Kolkata", "America/New_York", "+05:30"] {
        let mut other = files.clone();
        other.add(path, &files.get(path).unwrap().replace("+08:00", zone));
        assert!(load(&other, None).is_ok(), "{zone}");
    }
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

#[test]
fn characters_that_nobody_sees() {
    let files = only(&["container", "container-pack"]);
    let (path, name) = ("products/container.toml", "id = \"compute\"");
    let seen = edit(path, name, "id = \"comp\u{200b}ute\"");
    expect_refusal(&files, seen, spot(path, "ute\""), "a character that nobody sees, \\u{200b}");
    let escaped = edit(path, name, "id = \"comp\\u200bute\"");
    expect_refusal(
        &files,
        escaped,
        spot(path, "[[component]]"),
        "`comp\\u{200b}ute` is no id of a component",
    );
    let table = "tables/container_packs.csv";
    let cell = edit(table, "\"1U1G,1P4\",744", "\"1U1G\u{2060},1P4\",744");
    expect_refusal(&files, cell, spot(table, "744"), "a character that nobody sees, \\u{2060}");
}

/// Source: R-PKG-15: notices go out at 20 and 5 percent where a pack says nothing.
#[test]
fn a_pack_without_notices_has_the_usual_ones() {
    let mut files = only(&["container", "container-pack"]);
    let path = "products/container-pack.toml";
    let text = files.get(path).unwrap();
    let without: String =
        text.lines().filter(|it| !it.starts_with("notices")).map(|it| format!("{it}\n")).collect();
    assert!(without.len() < text.len());
    files.add(path, &without);
    let book = load(&files, None).unwrap();
    let packs: Vec<_> = book.products.iter().filter_map(|it| it.pack.as_ref()).collect();
    assert_eq!(packs[0].notices_percent, [20, 5]);
}

/// Source: issue 10, section 4.5: limits of size, depth and rows, named in the message.
#[test]
fn books_that_are_too_large() {
    let kinds = read("kinds");
    let told = |files: &Files| load(files, None).unwrap_err()[0].to_string();
    let mut many = kinds.clone();
    (0..200).for_each(|it| many.add(&format!("tables/{it}.csv"), "a\n"));
    assert!(told(&many).contains("files, more than 200"), "{}", told(&many));
    let mut large = kinds.clone();
    large.add("tables/large.csv", &"#".repeat(32_000_001));
    assert!(told(&large).contains("bytes, more than 32000000"), "{}", told(&large));
    let mut long = only(&["disk"]);
    let rows: String = (0..200_001).map(|it| format!("T{it},premium,1.00,demo\n")).collect();
    long.add("tables/disk_month.csv", &format!("region,disk,price,source\n{rows}"));
    assert!(told(&long).contains("more than 200000 rows"), "{}", told(&long));
    let mut deep = kinds.clone();
    let text = deep.get("products/domain.toml").unwrap();
    let nested = format!("readings = {}{}\n{text}", "[".repeat(100_000), "]".repeat(100_000));
    deep.add("products/domain.toml", &nested);
    assert!(told(&deep).contains("80"), "{}", told(&deep));
}

/// More than a thousand problems are counted, not listed.
#[test]
fn problems_without_end_are_counted() {
    let mut files = only(&["disk"]);
    let rows: String = (0..5_000).map(|it| format!("T{it},premium,x,demo\n")).collect();
    files.add("tables/disk_month.csv", &format!("region,disk,price,source\n{rows}"));
    let problems = load(&files, None).unwrap_err();
    assert_eq!(problems.len(), 1_001);
    assert!(problems[1_000].what.contains("there are 4000 more problems"), "{}", problems[1_000]);
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
