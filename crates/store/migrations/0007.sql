-- When a change was asked for, where it took effect later because cycles were closed by then.
alter table meter_events add column asked_us bigint;

-- What rounding left of bills, per account and product, until the next bill of the product takes it.
create table carries (
    account text not null, product text not null, amount_e8 bigint not null,
    primary key (account, product)
) @clustered;

-- What rounding left of a bill to the next one of its product.
alter table bills add column carried_e8 bigint not null default 0;
