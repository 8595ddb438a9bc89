-- What people put right: a row for each correction, never changed [R-COR-1]. `body` is all that it says, by which the same
-- again is told from something else; `account` is null for what is of all accounts.
create table corrections (
    number bigint primary key, id text not null unique, account text, kind text not null, actor text not null,
    reason text not null, at_us bigint not null, body text not null
);
create index corrections_account on corrections (account, number);

-- Readings that are void (`quantity` is null) or count for another quantity: the newest row of a reading stands, the reading
-- stays as it came. `late`: the kinds of cycle that were closed by then, in words.
create table reading_corrections (
    source text not null, event text not null, number bigint not null, account text not null, resource text not null,
    at_us bigint not null, quantity bigint, late text,
    primary key (source, event, number)
) @clustered;
create index reading_corrections_at on reading_corrections (account, at_us);

-- Credits and debits against a bill or one of its lines, each with the bill that was made of it; a credit is below zero.
create table bill_corrections (
    account text not null, bill text not null, number bigint not null, line bigint, made text not null, total_minor bigint not null,
    primary key (account, bill, number)
) @clustered;
create index bill_corrections_made on bill_corrections (account, made);
