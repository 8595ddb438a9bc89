//! Names of what is not there, in one file or between files.

use super::*;
use crate::only;

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
