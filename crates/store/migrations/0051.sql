-- Downgrades of what is prepaid: which orders one replaced, and what counts as paid of its own order from then on.
create table downgrades (
    account text not null, resource text not null, order_id text not null, bill text not null, replaced text not null,
    at_us bigint not null, until_us bigint not null, bonus_minor bigint not null check (bonus_minor >= 0),
    cash_minor bigint not null check (cash_minor >= 0), income_minor bigint not null check (income_minor >= 0),
    primary key (account, resource, order_id)
) @clustered;
