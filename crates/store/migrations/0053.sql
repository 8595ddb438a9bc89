-- Prices that hold for one account alone. What was agreed is not edited; what changes is when it ends.
create table contract_prices (
    account text not null, id text not null, number bigint not null, product text not null, component text not null,
    conditions text not null, above text, amount_e8 bigint not null check (amount_e8 >= 0), currency text not null,
    from_us bigint not null, until_us bigint, reason text not null, made_us bigint not null, revision bigint not null,
    primary key (account, id), unique (account, number), check (until_us is null or until_us >= from_us)
) @clustered;
