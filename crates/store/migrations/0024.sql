-- What customers ask sales for.
create table sales_requests (
    account text not null, id text not null, product text, quantity bigint, from_day text, price_minor bigint,
    message text not null, state text not null, created_us bigint not null, ended_us bigint, reason text not null,
    primary key (account, id)
) @clustered;
create index sales_requests_by_id on sales_requests (id);

-- Prices for what one customer may order, each by the list of one book.
create table offers (
    account text not null, id text not null, request text, book text not null, note text not null, state text not null,
    created_us bigint not null, until_us bigint not null, ended_us bigint, reason text not null,
    primary key (account, id)
) @clustered;
create index offers_by_id on offers (id);
create table offer_items (
    account text not null, offer text not null, number bigint not null, product text not null, options text not null,
    months bigint not null, quantity bigint not null, month text, name text not null, service text,
    rate_e8 bigint not null, list_minor bigint not null, total_minor bigint not null,
    primary key (account, offer, number)
) @clustered;

-- By which offer an order is priced, and at which share of the list of its book; null where by none.
alter table orders add column offer text;
alter table orders add column offer_rate_e8 bigint;
