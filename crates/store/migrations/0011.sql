-- Books that only corrections name: they hold nowhere by themselves.
create table correction_books (
    id text primary key, name text not null, from_us bigint not null, body text not null, format bigint not null
);

-- Corrections of prices in a past period, and how far each is done; `account` is null for all of them.
create table price_corrections (
    number bigint primary key, account text, book text not null, from_us bigint not null, until_us bigint not null,
    after_account text not null, accounts bigint not null, cycles bigint not null, done_us bigint
);
create index price_corrections_pending on price_corrections (number) where done_us is null;
create index price_corrections_book on price_corrections (book);

-- Those of one account: the book holds above those that were in force, the latest number above the others. Up to where the cycles
-- of each kind were closed by then: those were rated once more, the others are priced by it at their close.
create table rerates (
    account text not null, number bigint not null, book text not null, from_us bigint not null, until_us bigint not null,
    hours_to_us bigint not null, days_to_us bigint not null, months_to_us bigint not null,
    primary key (account, number)
) @clustered;
