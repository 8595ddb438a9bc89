//! The types of a book, each with all its fields.
//!
//! In:  the types of `billing`. Out: how each is told.
//! Invariant: what stands here is all that a book says, but for the book itself, which `diff` takes apart.

use super::{Node, Told, told};
use billing::book::{
    ArrearsAction, ArrearsPolicy, AttackMode, ChangeDiscount, Component, Contract, DiscountTable, Due,
    EndedPack, Expiry, FreeTier, Keeping, Limits, Meter, MeteringEnd, Offer, OnServiceStop, OptionKind,
    OptionRule, PackRule, PackStart, Product, QuantityRule, RealName, Region, Resize, Rounding, Sale, Scope,
};
use billing::conversion::rule::ConversionRule;
use billing::look::{Attribute, AttributeKind, Group, Label, OptionLook, ProductLook, RegionLook};
use billing::meter::{Keys, Slots};
use billing::price::{Bands, Edge, Percentage, PriceItem, Pricing, Tier, Tiers};
use billing::refund::rule::{
    RefundFloor, RefundRest, RefundRule, RefundSpan, UsedRefund, UsedUntil, WholeRefund,
};
use billing::switch::rule::SwitchRule;
use billing::text::Text;
use units::Price;

told! {
    struct Region { id, name, zones, look } as id;
    struct DiscountTable { steps, source };
    struct Product {
        id, name, options, offers, readings, components, limits, metering_ends, delivery_seconds, arrears,
        release_days, expiry, recycle_seconds, pack, with_service, rounding, sale, refund, conversion, switch, raised_for_days, look
    } as id;
    struct Offer { columns, rows };
    struct OptionRule { name, kind, default, when, resize, at_least, look } as name;
    struct Component {
        id, name, when, due, meter, quantity, scope, spec, pack, contract, change_discount,
        freeze_seconds, billed_while, least_seconds, month_seconds, free_tier, sale,
        label, prices
    } as id;
    struct FreeTier { name, units };
    struct QuantityRule { option, fixed, less, unit };
    struct Limits {
        quantity, months, prepaid_per_zone_and_month, pay_per_use_per_zone, least_months, real_name
    };
    struct Expiry { runs_on_seconds, keeping };
    struct Keeping { kept_seconds, bin_seconds };
    struct ArrearsPolicy { grace_seconds, action, reclaim_seconds };
    struct PackRule { family, spec, size, hours, start, ended, notices_percent };
    struct RefundRule { whole, rest, most_per_year, bin_seconds };
    struct ConversionRule { options, except, by_use };
    struct SwitchRule { option, prepaid, by_use, most };
    struct WholeRefund { within_seconds, most, per };
    struct UsedRefund { options, floor, until, downgrades };
    struct PriceItem { key, pricing, per_seconds, free, minimum, started, discount, source, contract };
    struct Price { amount, per };
    struct Tier { above, amount, flat };
    struct Tiers { per, tiers, edge, up_to };
    struct Slots { seconds, keys };
    struct Bands { unit, edge, bands, up_to };
    struct Percentage { rate_e8, fixed, least, most };

    struct Text { en, zh };
    struct Label { name, help };
    struct Group { id, label } as id;
    struct ProductLook { label, group, order, groups };
    struct OptionLook { label, group, order, measure, stops, recommended, values, attributes };
    struct RegionLook { label, zones };
    struct Attribute { id, label, unit, kind, values } as id;

    enum AttributeKind { Number "number" {}, Word "word" {} };
    enum Rounding { Waive "waive" {}, Carry "carry" {} };
    enum Sale { Open "open" {}, Retired "retired" {} };
    enum OnServiceStop { Stays "stays" {}, Released "released" {} };
    enum MeteringEnd { Requested "requested" {}, Completed "completed" {} };
    enum Resize { Allowed "allowed" {}, Raised "raised" {}, Fixed "fixed" {} };
    enum ChangeDiscount { Months "months" {}, WithOthers "with_others" {}, Never "never" {} };
    enum OptionKind {
        Region "region" {},
        Zone "zone" {},
        Choice "choice" { 0: choices },
        Spec "spec" { 0: choices },
        Range "range" { from: from, to: to, step: step, unit: unit }
    };
    enum Contract { Applies "applies" {}, ListPrice "list" {} };
    enum Due { Order "order" {}, Cycle "cycle" { 0: due } };
    enum Scope { Resource "resource" {}, Account "account" {} };
    enum RealName { Needed "needed" {}, NotNeeded "not_needed" {} };
    enum ArrearsAction { Stop "stop" {}, Limit "limit" {}, Release "release" {} };
    enum PackStart { Month "month" {}, Purchase "purchase" {} };
    enum EndedPack { Refused "refused" {}, Sold "sold" {} };
    enum RefundSpan { Year "year" {}, Account "account" {} };
    enum RefundFloor { Order "order" {}, Sum "sum" {} };
    enum UsedUntil { Refund "refund" {}, Upgrade "upgrade" {} };
    enum RefundRest {
        Kept "kept" {},
        Used "used" { 0: used },
        Share "share" { within_seconds: within_seconds },
        Unused "unused" {}
    };
    enum AttackMode { ExcessOverBase "excess" {}, AbsolutePeak "absolute" {} };
    enum Keys { AddedUp "added_up" {}, PricedEach "priced_each" {} };
    enum Edge { Upper "upper" {}, Lower "lower" {} };
    enum Meter {
        Months "months" {},
        Once "once" {},
        Held "held" {},
        HeldSum "held_sum" {},
        HeldHighest "held_highest" {},
        HeldMean "held_mean" {},
        Clock "clock" {},
        Sum "sum" { usage: usage },
        Events "events" { usage: usage, free: free_events },
        Attack "attack" { usage: usage, base: base, cap: cap, mode: mode },
        PeakAbove "peak_above" { usage: usage, free: free_rate, slots: slot },
        VolumeAbove "volume_above" { usage: usage, free: free_rate, slots: slot },
        Percentile "percentile" { usage: usage, p_e6: p_e6, slots: slot },
        TopMean "top_mean" { usage: usage, k: k, slots: slot },
        DayPeaks "day_peaks" { usage: usage, nth: nth, k: k, slots: slot }
    };
    enum Pricing {
        PerUnit "per_unit" { 0: price },
        Graduated "graduated" { 0: steps },
        Volume "volume" { 0: steps },
        Package "package" { size: size, price: amount },
        Percentage "percentage" { 0: share },
        Band "band" { 0: steps }
    };
}
