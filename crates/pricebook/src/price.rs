//! The price rows of a component: from a table, from tiers, or written beside it.

use crate::product::{Place, conditions, word};
use crate::raw::{RawAmendments, RawComponent, RawPrice, RawTier};
use crate::table::{Row, Table};
use crate::words::{self, Summed};
use crate::{Files, Problems, first_line, line_at};
use billing::book::{Book, Conditions, OptionKind, PriceRow, Product};
use billing::options::canonical_spec;
use billing::price::{Bands, Edge, Percentage, PriceItem, Pricing, Tier, Tiers};
use units::{Amount, Currency, MoneyError, Price, Quantity, Unit};

/// What reading a price needs to know of its component.
struct Ask<'a> {
    raw: &'a RawPrice,
    component: &'a RawComponent,
    product: &'a Product,
    per: Quantity,
    per_seconds: u64,
    currency: Currency,
}

/// The prices of one component. The currency is checked against the book by `check`.
pub(crate) fn rows(
    files: &Files,
    (component, unit, summed): (&RawComponent, Unit, Summed),
    product: &Product,
    place: &Place<'_>,
    problems: &mut Problems,
) -> Vec<PriceRow> {
    let raw = component.price.get_ref();
    let place = Place { line: place.of(&component.price), ..*place };
    let unit = if component.meter == "volume_above" { Unit::Byte } else { unit };
    let Some((per, per_seconds)) = words::per(&raw.per, unit, summed) else {
        let what = format!("a price of {unit} cannot be per `{}`", first_line(&raw.per));
        problems.add(place.at(), what, "Write hour, day, month, piece, GB or Mbps, as fits what is measured");
        return Vec::new();
    };
    let currency = place.currency;
    let ask = Ask { raw, component, product, per, per_seconds, currency };
    match &raw.table {
        Some(name) => {
            let Some(table) = Table::read(files, name, place.at(), problems) else { return Vec::new() };
            from_table(&ask, &table, &place, problems)
        }
        None => inline(&ask, &place, problems).into_iter().collect(),
    }
}

impl Ask<'_> {
    fn item(
        &self,
        key: String,
        pricing: Pricing,
        source: &str,
        discount: Option<String>,
        at: (&str, usize),
        problems: &mut Problems,
    ) -> PriceItem {
        if source.trim().is_empty() {
            problems.add(at, "the price has no source", "Say where the figure comes from, or write demo");
        }
        problems.place(&key, at);
        let minimum = self.raw.minimum.as_deref().and_then(|it| amount(it, self.currency, at, problems));
        let started = self.raw.started.as_deref().map(|it| {
            let units = words::seconds(it).map(u128::from).or_else(|| words::scaled(it, self.per.unit));
            units.filter(|it| *it > 0).unwrap_or_else(|| {
                problems.add(
                    at,
                    format!("`{}` is not a unit to start", first_line(it)),
                    "Write 1 h, 1 d, 1 GB or a number",
                );
                1
            })
        });
        PriceItem {
            key,
            pricing,
            per_seconds: self.per_seconds,
            free: self.raw.free.unwrap_or(0).into(),
            minimum,
            started,
            discount: discount.filter(|it| it != "none" && !it.is_empty()),
            source: source.trim().to_string(),
        }
    }

    /// CSV columns that choose a row, with the option that each stands for.
    fn key_columns(&self, table: &Table) -> Vec<(String, String)> {
        let option = |column: &String| match self.raw.keys.get(column) {
            Some(option) => Some((column.clone(), option.clone())),
            None if self.product.option(column).is_some() => Some((column.clone(), column.clone())),
            None => None,
        };
        table.columns.iter().filter_map(option).collect()
    }

    fn keys(&self, columns: &[(String, String)], row: &Row) -> Conditions {
        let mut keys = Conditions::new();
        for (column, option) in columns {
            let cell = row.cell(column);
            if cell == "*" || cell.is_empty() {
                continue;
            }
            let spec = matches!(self.product.option(option).map(|it| &it.kind), Some(OptionKind::Spec(_)));
            let values =
                cell.split_whitespace().map(|it| if spec { canonical_spec(it) } else { it.to_string() });
            keys.push((option.clone(), values.collect()));
        }
        keys
    }

    /// The name of a price. Of a long list the first value stands for all: no other price can have it.
    fn key(&self, keys: &Conditions) -> String {
        let short = |values: &[String]| match values {
            [first, .., _] if values.len() > 4 => format!("{first}|+{}", values.len() - 1),
            _ => values.join("|"),
        };
        let values: Vec<String> = keys.iter().map(|it| short(&it.1)).collect();
        format!("{}/{} {}", self.product.id, self.component.id, values.join(" ")).trim_end().to_string()
    }
}

fn amount(text: &str, currency: Currency, at: (&str, usize), problems: &mut Problems) -> Option<Amount> {
    match Amount::parse(text.trim(), currency) {
        Ok(amount) if amount.e8() >= 0 => Some(amount),
        Ok(_) => {
            problems.add(at, format!("the price {} is negative", text.trim()), "Write a price of 0 or more");
            None
        }
        Err(error) => {
            let remedy = match error {
                MoneyError::TooFine { .. } => "An amount holds 8 digits behind the point",
                _ => "Write it like 0.42",
            };
            problems.add(at, format!("the price cannot be read: {error}"), remedy);
            None
        }
    }
}

fn inline(ask: &Ask<'_>, place: &Place<'_>, problems: &mut Problems) -> Option<PriceRow> {
    let raw = ask.raw;
    let pricing = match raw.kind.as_str() {
        "per_unit" => Pricing::PerUnit(Price {
            amount: needed(raw.amount.as_deref(), "amount", ask, place, problems)?,
            per: ask.per,
        }),
        "graduated" => Pricing::Graduated(written_tiers(ask, place, problems)?),
        "volume" => Pricing::Volume(written_tiers(ask, place, problems)?),
        "package" => Pricing::Package {
            size: size(ask, place, problems)?,
            price: needed(raw.amount.as_deref(), "amount", ask, place, problems)?,
        },
        "percentage" => Pricing::Percentage(percentage(ask, place, problems)?),
        "band" => Pricing::Band(bands(ask, written_tiers(ask, place, problems)?, place, problems)?),
        other => {
            unknown_kind(other, place, problems);
            return None;
        }
    };
    let keys = Conditions::new();
    let source = raw.source.as_deref().unwrap_or("");
    let item = ask.item(ask.key(&keys), pricing, source, raw.discount.clone(), place.at(), problems);
    Some(PriceRow { keys, item })
}

/// How much a package holds.
fn size(ask: &Ask<'_>, place: &Place<'_>, problems: &mut Problems) -> Option<Quantity> {
    let size = ask.raw.size.filter(|it| *it > 0);
    if size.is_none() {
        problems.add(place.at(), "a package has no size", "Write size = 1000, in what is counted");
    }
    size.map(|it| Quantity::new(it.into(), ask.per.unit))
}

fn unknown_kind(kind: &str, place: &Place<'_>, problems: &mut Problems) {
    let known = ["per_unit", "graduated", "volume", "package", "percentage", "band"].map(|it| (it, ()));
    word(place, kind, problems, &known);
}

fn needed(
    text: Option<&str>,
    field: &str,
    ask: &Ask<'_>,
    place: &Place<'_>,
    problems: &mut Problems,
) -> Option<Amount> {
    let Some(text) = text else {
        problems.add(
            place.at(),
            format!("the price has neither a table nor `{field}`"),
            format!("Write {field} = \"0.42\""),
        );
        return None;
    };
    amount(text, ask.currency, place.at(), problems)
}

fn percentage(ask: &Ask<'_>, place: &Place<'_>, problems: &mut Problems) -> Option<Percentage> {
    let raw = ask.raw;
    let rate = raw
        .rate
        .as_deref()
        .and_then(|it| units::decimal::parse(it, 6).ok())
        .and_then(|it| u64::try_from(it).ok());
    let Some(rate_e8) = rate else {
        problems.add(place.at(), "a percentage needs a rate in percent", "Write rate = \"1.2\"");
        return None;
    };
    let fixed = raw
        .amount
        .as_deref()
        .map_or(Some(Amount::zero(ask.currency)), |it| amount(it, ask.currency, place.at(), problems))?;
    let bound = |text: &Option<String>, problems: &mut Problems| {
        text.as_deref().and_then(|it| amount(it, ask.currency, place.at(), problems))
    };
    Some(Percentage { rate_e8, fixed, least: bound(&raw.least, problems), most: bound(&raw.most, problems) })
}

/// Tiers written beside the component.
fn written_tiers(ask: &Ask<'_>, place: &Place<'_>, problems: &mut Problems) -> Option<Tiers> {
    let mut rows = Vec::new();
    for tier in &ask.raw.tier {
        let at = (place.file, place.of(tier));
        let RawTier { above, up_to, amount: price, flat } = tier.get_ref();
        let above = edge(above, ask, at, problems)?;
        let up_to = match up_to {
            Some(text) => Some(edge(text, ask, at, problems)?),
            None => None,
        };
        let price = amount(price, ask.currency, at, problems)?;
        let flat = flat
            .as_deref()
            .map_or(Some(Amount::zero(ask.currency)), |it| amount(it, ask.currency, at, problems))?;
        rows.push((at.1, above, up_to, price, flat));
    }
    tiers(ask, place.file, rows, place, problems)
}

fn edge(text: &str, ask: &Ask<'_>, at: (&str, usize), problems: &mut Problems) -> Option<u128> {
    let found = words::scaled(text, ask.per.unit);
    if found.is_none() {
        problems.add(
            at,
            format!("`{}` is not an edge", first_line(text)),
            "Write a number, or one with a unit like 96 h or 20 Gbps",
        );
    }
    found
}

/// The line of a tier, where it begins and ends, its price and its flat part.
type Step = (usize, u128, Option<u128>, Amount, Amount);

/// Tiers in order: `(line, above, up_to, price, flat)`. They must meet, begin at 0 or say where, and only the last is open.
fn tiers(
    ask: &Ask<'_>,
    file: &str,
    mut rows: Vec<Step>,
    place: &Place<'_>,
    problems: &mut Problems,
) -> Option<Tiers> {
    if rows.is_empty() {
        problems.add(place.at(), "there is no tier", "Write at least one, from above = 0");
        return None;
    }
    let upside_down: Vec<&Step> = rows.iter().filter(|it| it.2.is_some_and(|end| end <= it.1)).collect();
    for row in &upside_down {
        problems.add(
            (file, row.0),
            format!("the tier ends before it starts, above {}", row.1),
            "Write the smaller edge as `above`",
        );
    }
    if !upside_down.is_empty() {
        return None;
    }
    rows.sort_by_key(|it| it.1);
    for pair in rows.windows(2) {
        let (before, after) = (&pair[0], &pair[1]);
        let end = before.2.unwrap_or(after.1);
        let open = before.2.is_none() && ask.raw.table.is_some();
        if end > after.1 || before.1 == after.1 || open {
            let what = format!("the tier above {} overlaps the one above {}", after.1, before.1);
            problems.add((file, after.0), what, "Let each tier end where the next begins");
        } else if end < after.1 {
            let what = format!("nothing is priced above {end} and up to {}", after.1);
            problems.add((file, after.0), what, "Let each tier begin where the one before ends");
        }
    }
    if rows[0].1 != 0 && ask.raw.kind != "band" {
        problems.add(
            (file, rows[0].0),
            format!("nothing is priced up to {}", rows[0].1),
            "Begin the first tier above 0",
        );
    }
    let up_to = rows.last().and_then(|it| it.2);
    let tiers = rows.into_iter().map(|(_, above, _, amount, flat)| Tier { above, amount, flat }).collect();
    Some(Tiers { per: ask.per, tiers, up_to })
}

fn bands(ask: &Ask<'_>, tiers: Tiers, place: &Place<'_>, problems: &mut Problems) -> Option<Bands> {
    let edge = ask.raw.edge.as_deref().unwrap_or("upper");
    let edge = word(place, edge, problems, &[("upper", Edge::Upper), ("lower", Edge::Lower)])?;
    let bands = tiers.tiers.into_iter().map(|it| (it.above, it.amount)).collect();
    Some(Bands { unit: ask.per.unit, edge, bands, up_to: tiers.up_to })
}

fn from_table(ask: &Ask<'_>, table: &Table, place: &Place<'_>, problems: &mut Problems) -> Vec<PriceRow> {
    let raw = ask.raw;
    let mut columns: Vec<&String> =
        raw.columns.iter().chain(&raw.column).chain(&raw.discount_column).collect();
    let source = "source".to_string();
    columns.push(&source);
    if !columns.iter().all(|it| table.has(it, place.at(), problems)) {
        return Vec::new();
    }
    for option in raw.keys.values().filter(|it| ask.product.option(it).is_none()) {
        problems.add(
            place.at(),
            format!("keys names option `{option}`, which the product does not have"),
            "Mend the name",
        );
    }
    match (raw.kind.as_str(), raw.columns.is_empty()) {
        ("per_unit" | "package", true) => flat_rows(ask, table, place, problems),
        ("graduated" | "volume", false) => tier_columns(ask, table, place, problems),
        ("graduated" | "volume" | "band", true) => tier_rows(ask, table, place, problems),
        (other, _) => {
            unknown_kind(other, place, problems);
            Vec::new()
        }
    }
}

fn price_column<'a>(ask: &'a Ask<'_>) -> &'a str {
    ask.raw.column.as_deref().unwrap_or("price")
}

fn discount(ask: &Ask<'_>, row: &Row) -> Option<String> {
    match &ask.raw.discount_column {
        Some(column) => Some(row.cell(column).to_string()),
        None => ask.raw.discount.clone(),
    }
}

/// One price per row. A row whose price is empty is not on sale.
fn flat_rows(ask: &Ask<'_>, table: &Table, place: &Place<'_>, problems: &mut Problems) -> Vec<PriceRow> {
    let columns = ask.key_columns(table);
    let mut rows = Vec::new();
    if !table.has(price_column(ask), place.at(), problems) {
        return rows;
    }
    for row in &table.rows {
        let at = (table.path.as_str(), row.line);
        let cell = row.cell(price_column(ask));
        if cell.is_empty() {
            continue;
        }
        let Some(price) = amount(cell, ask.currency, at, problems) else { continue };
        let keys = ask.keys(&columns, row);
        let pricing = if ask.raw.kind == "package" {
            let Some(size) = size(ask, place, problems) else { return rows };
            Pricing::Package { size, price }
        } else {
            Pricing::PerUnit(Price { amount: price, per: ask.per })
        };
        let item = ask.item(ask.key(&keys), pricing, row.cell("source"), discount(ask, row), at, problems);
        rows.push(PriceRow { keys, item });
    }
    overlaps(&rows, table, ask, problems);
    rows
}

/// One row holds all tiers: a column each, the edges in `tiers`.
fn tier_columns(ask: &Ask<'_>, table: &Table, place: &Place<'_>, problems: &mut Problems) -> Vec<PriceRow> {
    let columns = ask.key_columns(table);
    let mut rows = Vec::new();
    let edges: Vec<u128> =
        ask.raw.tiers.iter().filter_map(|it| edge(it, ask, place.at(), problems)).collect();
    if edges.len() + 1 != ask.raw.columns.len() {
        problems.add(
            place.at(),
            "there must be one edge less than there are columns",
            "Write tiers = [\"96 h\", \"360 h\"] for three columns",
        );
        return rows;
    }
    for row in &table.rows {
        let at = (table.path.as_str(), row.line);
        if ask.raw.columns.iter().all(|it| row.cell(it).is_empty()) {
            continue;
        }
        let mut found = Vec::new();
        for (number, column) in ask.raw.columns.iter().enumerate() {
            let above = number.checked_sub(1).map_or(0, |before| edges[before]);
            let price = amount(row.cell(column), ask.currency, at, problems);
            found.extend(
                price.map(|it| (row.line, above, edges.get(number).copied(), it, Amount::zero(ask.currency))),
            );
        }
        let keys = ask.keys(&columns, row);
        let Some(tiers) = tiers(ask, &table.path, found, place, problems) else { continue };
        let pricing =
            if ask.raw.kind == "volume" { Pricing::Volume(tiers) } else { Pricing::Graduated(tiers) };
        let item = ask.item(ask.key(&keys), pricing, row.cell("source"), discount(ask, row), at, problems);
        rows.push(PriceRow { keys, item });
    }
    overlaps(&rows, table, ask, problems);
    rows
}

/// A row per tier; rows with the same keys are one price. Columns `above`, `up_to` and the price.
fn tier_rows(ask: &Ask<'_>, table: &Table, place: &Place<'_>, problems: &mut Problems) -> Vec<PriceRow> {
    let columns = ask.key_columns(table);
    if !["above", "up_to", price_column(ask)].iter().all(|it| table.has(it, place.at(), problems)) {
        return Vec::new();
    }
    let mut groups: Vec<(Conditions, Vec<&Row>)> = Vec::new();
    for row in table.rows.iter().filter(|it| !it.cell(price_column(ask)).is_empty()) {
        let keys = ask.keys(&columns, row);
        match groups.iter_mut().find(|it| it.0 == keys) {
            Some(group) => group.1.push(row),
            None => groups.push((keys, vec![row])),
        }
    }
    let mut rows = Vec::new();
    for (keys, group) in groups {
        let mut found = Vec::new();
        for row in &group {
            let at = (table.path.as_str(), row.line);
            let up_to = match row.cell("up_to") {
                "" => Some(None),
                text => edge(text, ask, at, problems).map(Some),
            };
            let price = amount(row.cell(price_column(ask)), ask.currency, at, problems);
            let flat = match row.cell("flat") {
                "" => Some(Amount::zero(ask.currency)),
                text => amount(text, ask.currency, at, problems),
            };
            if let (Some(above), Some(up_to), Some(price), Some(flat)) =
                (edge(row.cell("above"), ask, at, problems), up_to, price, flat)
            {
                found.push((row.line, above, up_to, price, flat));
            }
        }
        let Some(tiers) = tiers(ask, &table.path, found, place, problems) else { continue };
        let pricing = match ask.raw.kind.as_str() {
            "band" => bands(ask, tiers, place, problems).map(Pricing::Band),
            "volume" => Some(Pricing::Volume(tiers)),
            _ => Some(Pricing::Graduated(tiers)),
        };
        let (Some(pricing), Some(first)) = (pricing, group.first()) else { continue };
        let at = (table.path.as_str(), first.line);
        let source =
            group.iter().map(|it| it.cell("source")).find(|it| it.is_empty()).unwrap_or(first.cell("source"));
        let item = ask.item(ask.key(&keys), pricing, source, discount(ask, first), at, problems);
        rows.push(PriceRow { keys, item });
    }
    overlaps(&rows, table, ask, problems);
    rows
}

/// Two rows that could both be for the same choice.
fn overlaps(rows: &[PriceRow], table: &Table, ask: &Ask<'_>, problems: &mut Problems) {
    let meets = |one: &Conditions, other: &Conditions| {
        let shared = |(name, values): &(String, Vec<String>)| match other.iter().find(|it| it.0 == *name) {
            Some((_, theirs)) => values.iter().any(|it| theirs.contains(it)),
            None => true,
        };
        one.iter().all(shared)
    };
    for (at, row) in rows.iter().enumerate() {
        if let Some(other) = rows[..at].iter().find(|it| meets(&it.keys, &row.keys)) {
            let what = format!("`{}` and `{}` are prices of the same thing", other.item.key, row.item.key);
            let line = line_of(table, ask, &row.keys);
            problems.add((&table.path, line), what, "Keep one of them, or tell them apart by an option");
        }
    }
}

fn line_of(table: &Table, ask: &Ask<'_>, keys: &Conditions) -> usize {
    let columns = ask.key_columns(table);
    table.rows.iter().rev().find(|it| ask.keys(&columns, it) == *keys).map_or(1, |it| it.line)
}

/// Applies `amendments.toml`: single prices that change from the book before. Source: R-PRC-6.
pub(crate) fn amend(files: &Files, book: &mut Book, problems: &mut Problems) {
    let file = "amendments.toml";
    let Some(text) = files.get(file) else { return };
    let raw: RawAmendments = match toml::from_str(text) {
        Ok(raw) => raw,
        Err(error) => {
            let line = error.span().map_or(1, |it| line_at(text, it.start));
            problems.add(
                (file, line),
                first_line(error.message()),
                "Write [[price]] with product, component, when, amount, source",
            );
            return;
        }
    };
    let currency = book.currency;
    for spanned in &raw.price {
        let (at, raw) = ((file, line_at(text, spanned.span().start)), spanned.get_ref());
        let Some(new) = amount(&raw.amount, currency, at, problems) else { continue };
        let component = book
            .products
            .iter_mut()
            .find(|it| it.id == raw.product)
            .and_then(|it| it.components.iter_mut().find(|it| it.id == raw.component));
        let Some(component) = component else {
            problems.add(
                at,
                format!("there is no component `{}` of `{}`", raw.component, raw.product),
                "Mend the names",
            );
            continue;
        };
        let wanted = conditions(&raw.when);
        let fits = |row: &&mut PriceRow| {
            wanted.iter().all(|want| {
                row.keys.iter().any(|key| key.0 == want.0 && key.1.iter().all(|it| want.1.contains(it)))
            })
        };
        let mut changed = 0;
        for row in component.prices.iter_mut().filter(fits) {
            if let Pricing::PerUnit(price) = &mut row.item.pricing {
                price.amount = new;
                row.item.source.clone_from(&raw.source);
                changed += 1;
            }
        }
        if changed == 0 {
            problems.add(
                at,
                "no price per unit fits this amendment",
                "Name the option values of one row of its table",
            );
        }
    }
}
