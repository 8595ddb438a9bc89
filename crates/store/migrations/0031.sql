-- What comes by card by itself: when little is left, and when something is owed. `due_us` is when it is looked at next.
create table card_rules (
    account text primary key, card text not null, below_minor bigint not null, amount_minor bigint not null,
    ceiling_minor bigint not null, collect text not null, due_us bigint not null, changed_us bigint not null
);

-- In what the gateway and the books differ, until they do not any more.
create table card_differences (
    id text primary key, kind text not null, account text not null, payment text not null, intent text not null,
    detail text not null, found_us bigint not null, seen_us bigint not null, ended_us bigint
);
create index card_differences_open on card_differences (found_us) where ended_us is null;

-- Which reference is whose: what a customer writes on a transfer.
create table bank_references (
    reference text primary key, account text not null unique
);

-- Money that came in by the bank's statements. `account` is whose it is, or whose it may be while it is open.
create table bank_entries (
    id text primary key, booked_us bigint not null, money_minor bigint not null, currency text not null, payer text not null,
    written text not null, account text, state text not null, reason text not null, added_us bigint not null, decided_us bigint
);
create index bank_entries_by_state on bank_entries (state, booked_us, id);
