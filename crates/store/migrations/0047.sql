-- Vouchers: worth that an operator gives to an account. What of one pays for which piece of an order, or which bill, are its parts:
-- a part of an order has no bill, and one of a bill neither order nor piece.
create table vouchers (
    account text not null, id text not null, name text not null, currency text not null,
    face_minor bigint not null check (face_minor > 0), held_minor bigint not null check (held_minor >= 0),
    spent_minor bigint not null check (spent_minor >= 0), lapsed_minor bigint not null check (lapsed_minor >= 0),
    products text not null, regions text not null, modes text not null, actions text not null,
    min_spend_minor bigint not null, most_months bigint, uses text not null,
    from_us bigint not null, until_us bigint not null, state text not null, batch text, issued_us bigint not null,
    code text, version bigint not null,
    primary key (account, id), check (held_minor + spent_minor + lapsed_minor <= face_minor)
) @clustered;
create unique index vouchers_by_id on vouchers (id);

create table voucher_parts (
    account text not null, voucher text not null, order_id text not null, piece text not null, bill text not null,
    batch text not null, minor bigint not null check (minor > 0), state text not null, at_us bigint not null,
    primary key (account, voucher, order_id, piece, bill)
) @clustered;
create index voucher_parts_by_batch on voucher_parts (account, batch);
create index voucher_parts_by_order on voucher_parts (account, order_id);

-- Words with the terms of a voucher that customers redeem, and who did.
create table promotion_codes (
    id text not null primary key, word text not null, name text not null, currency text not null,
    face_minor bigint not null check (face_minor > 0), products text not null, regions text not null, modes text not null,
    actions text not null, min_spend_minor bigint not null, most_months bigint, uses text not null,
    from_us bigint not null, until_us bigint not null, voucher_until_us bigint, voucher_days bigint,
    times bigint not null, redeemed bigint not null check (redeemed <= times), made_us bigint not null, withdrawn_us bigint
) @clustered;
create unique index promotion_codes_by_word on promotion_codes (word);
create table promotion_redemptions (
    code text not null, account text not null, voucher text not null, at_us bigint not null, primary key (code, account)
) @clustered;

-- What of a piece vouchers pay, and how many vouchers an order of an account takes.
alter table pieces add column voucher_minor bigint not null default 0;
alter table accounts add column vouchers_per_order bigint not null default 1;
