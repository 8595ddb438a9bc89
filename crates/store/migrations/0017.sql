-- The settlement run that nodes share [R-SET-6], one at a time: a row from which each takes the next accounts, `after` those
-- that were taken. Without a row no run is open.
create table runs (
    cycle text not null, from_us bigint not null, to_us bigint not null, after text not null,
    primary key (cycle, from_us)
) @clustered;

-- Accounts of it that somebody has in hand: above `above`, up to and with `up_to`. A row goes with the transaction that
-- settles its accounts; one whose lease ended is anybody's.
create table ranges (
    cycle text not null, from_us bigint not null, to_us bigint not null, above text not null, up_to text not null,
    holder text not null, until_us bigint not null,
    primary key (cycle, from_us, above)
) @clustered;
