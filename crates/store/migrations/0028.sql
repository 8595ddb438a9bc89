-- What bills of all accounts come to by the month in which their use began. `whole` and `rest` are what lines cost, in 1 and in 1e-8.
create table revenue_sums (
    from_us bigint not null, product text not null, region text not null, kind text not null, currency text not null,
    bills bigint not null, whole bigint not null, rest bigint not null, total_minor bigint not null, bonus_minor bigint not null,
    cash_minor bigint not null, income_minor bigint not null, owed_minor bigint not null,
    primary key (from_us, product, region, kind, currency)
) @clustered;

-- The same of bills that no such sum counts yet: what one transaction billed, by the quarter of an hour in which the use began,
-- under the first bill of each.
create table revenue_news (
    bill text primary key, from_us bigint not null, product text not null, region text not null, kind text not null,
    currency text not null, bills bigint not null, whole bigint not null, rest bigint not null, total_minor bigint not null,
    bonus_minor bigint not null, cash_minor bigint not null, income_minor bigint not null, owed_minor bigint not null
) @clustered;
insert into revenue_news (bill, from_us, product, region, kind, currency, bills, whole, rest, total_minor, bonus_minor, cash_minor,
    income_minor, owed_minor)
    select min(b.id), b.quarter * 900000000, b.product, b.region, b.kind, b.currency, count(*),
    cast(sum((b.amount_e8 - b.carried_e8) / 100000000) as bigint), cast(sum((b.amount_e8 - b.carried_e8) % 100000000) as bigint),
    cast(sum(b.total_minor) as bigint), cast(sum(b.bonus_minor) as bigint), cast(sum(b.cash_minor) as bigint),
    cast(sum(b.income_minor) as bigint), cast(sum(b.owed_minor) as bigint)
    from (select i.*, (case when i.rule_version < 2 then i.from_us else coalesce(i.original_from_us, i.from_us) end) / 900000000
    as quarter from bills i) b group by b.quarter, b.product, b.region, b.kind, b.currency;
