-- How much an account may owe before it counts as arrears: what holds stands on the wallet, beside what orders on credit take of it.
alter table wallets add column credit_minor bigint not null default 0;
alter table wallets add column pledged_minor bigint not null default 0;

-- The credit line of an account, when what is owed is collected next, and since when it is withheld because that failed.
create table credit_lines (
    account text not null, limit_minor bigint not null check (limit_minor >= 0), day bigint not null, since_us bigint not null,
    collect_us bigint not null, withheld_us bigint, reason text not null,
    primary key (account)
) @clustered;

-- Every credit line that was agreed, from its instant on.
create table credit_terms (
    account text not null, number bigint not null, from_us bigint not null, limit_minor bigint not null, day bigint not null,
    reason text not null,
    primary key (account, number)
) @clustered;
