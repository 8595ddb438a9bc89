-- What of a piece a card pays.
alter table pieces add column card_minor bigint not null default 0;

-- Under which name an account is known at the gateway of cards.
create table gateway_customers (
    account text primary key, customer text not null unique, created_us bigint not null
);

-- Cards: what the gateway calls them, and what may be shown. Never a number.
create table cards (
    account text not null, id text not null, method text not null, brand text not null, last4 text not null,
    exp_month bigint not null, exp_year bigint not null, created_us bigint not null, ended_us bigint,
    primary key (account, id)
) @clustered;
create unique index cards_by_method on cards (method);

-- Payments by card. `intent` is the gateway's name of one.
create table card_payments (
    account text not null, id text not null, kind text not null, batch text not null, card text not null, customer text not null,
    method text not null, money_minor bigint not null, taken_minor bigint not null, refunded_minor bigint not null,
    state text not null, intent text, reason text, tries bigint not null, due_us bigint, created_us bigint not null,
    changed_us bigint not null, version bigint not null,
    primary key (account, id)
) @clustered;
create unique index card_payments_by_id on card_payments (id);
create unique index card_payments_by_intent on card_payments (intent) where intent is not null;
create index card_payments_due on card_payments (due_us) where due_us is not null;
create index card_payments_by_batch on card_payments (account, batch) where batch <> '';
create unique index card_payments_under_way on card_payments (account, batch)
    where batch <> '' and state in ('created', 'challenged', 'held', 'capturing');
