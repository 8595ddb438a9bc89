-- What an account is to spend in each month at least: every agreement, from a month on.
create table commitments (
    account text not null, number bigint not null, from_us bigint not null, until_us bigint,
    amount_minor bigint not null check (amount_minor >= 0), made_us bigint not null, reason text not null,
    primary key (account, number)
) @clustered;
