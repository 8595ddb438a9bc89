create table accounts (
    id text primary key, name text not null unique, currency text not null,
    contract_rate_e8 bigint not null, verified text not null, arrears_since_us bigint, created_us bigint not null,
    alert_minor bigint not null, alert_days bigint not null, alert_day_us bigint
);

create table wallets (
    account text primary key,
    bonus_minor bigint not null check (bonus_minor >= 0),
    cash_minor bigint not null check (cash_minor >= 0),
    income_minor bigint not null check (income_minor >= 0),
    frozen_bonus_minor bigint not null check (frozen_bonus_minor >= 0),
    frozen_cash_minor bigint not null check (frozen_cash_minor >= 0),
    frozen_income_minor bigint not null check (frozen_income_minor >= 0),
    owed_minor bigint not null check (owed_minor >= 0),
    version bigint not null
);

create table transfers (
    account text not null, number bigint not null, id text not null, at_us bigint not null,
    debit text not null, credit text not null, total_minor bigint not null check (total_minor > 0),
    kind text not null, subject text not null,
    primary key (account, id)
) @clustered;

create table top_ups (
    account text not null, reference text not null, purse text not null, total_minor bigint not null, at_us bigint not null,
    primary key (account, reference)
) @clustered;

create table books (
    id text primary key, number bigint not null unique, name text not null, from_us bigint not null, body text not null, applied_us bigint not null
);

create table orders (
    account text not null, id text not null, batch text not null, number bigint not null, asked text not null,
    action text not null, product text not null, options text not null, months bigint not null, month text,
    name text not null, service text, book text not null, state text not null,
    created_us bigint not null, expires_us bigint not null,
    list_minor bigint not null, total_minor bigint not null, freeze_minor bigint not null, version bigint not null,
    primary key (account, id)
) @clustered;
create unique index orders_batch on orders (account, batch, number);
create index orders_unpaid on orders (state, expires_us);

create table pieces (
    account text not null, order_id text not null, number bigint not null, resource text not null,
    total_minor bigint not null, bonus_minor bigint not null, cash_minor bigint not null, income_minor bigint not null,
    state text not null,
    primary key (account, order_id, number)
) @clustered;

create table resources (
    account text not null, id text not null, order_id text not null, product text not null, options text not null,
    name text not null, service text, zone text not null, state text not null, before text not null,
    since_us bigint not null, created_us bigint not null, delivered_us bigint, deadline_us bigint,
    address text, due_us bigint, ended_by text, version bigint not null,
    primary key (account, id)
) @clustered;
create index resources_due on resources (due_us);
create index resources_id on resources (id);

create table provisions (
    account text not null, resource text not null, order_id text not null, attempt bigint not null, due_us bigint not null,
    primary key (account, resource)
) @clustered;
create index provisions_due on provisions (due_us);

create table releases (
    account text not null, resource text not null, due_us bigint not null, ended_by text not null,
    primary key (account, resource)
) @clustered;
create index releases_due on releases (due_us);

create table meter_events (
    account text not null, resource text not null, number bigint not null, at_us bigint not null,
    state text not null, product text not null, options text not null,
    primary key (account, resource, number)
) @clustered;
create index meter_events_at on meter_events (account, at_us);

create table openings (
    account text not null, cycle text not null, resource text not null, created_s bigint not null,
    product text not null, options text not null, state text not null, since_s bigint not null, clock_s bigint not null,
    primary key (account, cycle, resource)
) @clustered;

create table dues (
    account text not null, cycle text not null, settled_to_us bigint not null, set_aside text,
    primary key (account, cycle)
) @clustered;
create index dues_next on dues (cycle, settled_to_us, account);

create table usage (
    source text not null, event text not null, account text not null, resource text not null, meter text not null,
    at_us bigint not null, quantity bigint not null, key text not null, received_us bigint not null,
    primary key (source, event)
) @clustered;
create index usage_at on usage (account, at_us);

create table late_usage (
    account text not null, cycle text not null, source text not null, event text not null,
    resource text not null, meter text not null, at_us bigint not null, quantity bigint not null, key text not null,
    state text not null, product text not null, options text not null,
    original_from_us bigint not null, original_to_us bigint not null, settled text not null,
    primary key (account, cycle, source, event)
) @clustered;

create table quarantine (
    source text not null, event text not null, reason text not null, resource text not null, meter text not null,
    at_us bigint not null, quantity bigint not null, received_us bigint not null,
    primary key (source, event)
) @clustered;

create table freezes (
    account text not null, resource text not null, target_minor bigint not null,
    bonus_minor bigint not null check (bonus_minor >= 0),
    cash_minor bigint not null check (cash_minor >= 0),
    income_minor bigint not null check (income_minor >= 0),
    primary key (account, resource)
) @clustered;

create table bills (
    account text not null, id text not null, kind text not null, product text not null, region text not null,
    resource text, spec text not null, order_id text, from_us bigint not null, to_us bigint not null,
    posted_us bigint not null, watermark_us bigint not null, original_from_us bigint, original_to_us bigint,
    currency text not null, amount_e8 bigint not null, total_minor bigint not null,
    bonus_minor bigint not null, cash_minor bigint not null, income_minor bigint not null, owed_minor bigint not null,
    rule_version bigint not null,
    primary key (account, id)
) @clustered;

create table lines (
    account text not null, bill text not null, number bigint not null, component text not null, name text not null,
    price text not null, book text not null, quantity bigint not null, num bigint not null, den bigint not null,
    unit text not null, clock bigint not null, covered bigint not null,
    list_e8 bigint not null, rate_e8 bigint not null, cost_e8 bigint not null, from_s bigint not null, to_s bigint not null,
    primary key (account, bill, number)
) @clustered;

create table packs (
    account text not null, id text not null, order_id text not null, family text not null, spec text, name text not null,
    capacity bigint not null, effective_us bigint not null, expires_us bigint not null, bought_us bigint not null,
    left_units bigint not null check (left_units >= 0), settled_to_us bigint not null,
    used_units bigint not null, lost_units bigint not null, notices text not null,
    primary key (account, id)
) @clustered;

create table pack_uses (
    account text not null, pack text not null, cycle_from_us bigint not null, cycle_to_us bigint not null,
    used_units bigint not null, lost_units bigint not null,
    primary key (account, pack, cycle_from_us)
) @clustered;

create table notices (
    account text not null, subject text not null, kind text not null, threshold bigint not null, occasion text not null,
    at_us bigint not null, made_us bigint not null,
    primary key (account, subject, kind, threshold, occasion)
) @clustered;

create table services (
    account text not null, name text not null, state text not null,
    primary key (account, name)
) @clustered;
