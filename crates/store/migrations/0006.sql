-- Closed cycles that something came late for: the next close of their kind rates them once more, and takes the row away.
-- `resource` is empty for the sums over the account.
create table recounts (
    account text not null, cycle text not null, original_from_us bigint not null, original_to_us bigint not null,
    resource text not null,
    primary key (account, cycle, original_from_us, original_to_us, resource)
) @clustered;

-- The kinds of cycle that were closed when a reading came, in words; null for a reading that came in time.
alter table usage add column late text;
update usage set late = (select min(l.cycle) from late_usage l where l.source = usage.source and l.event = usage.event)
    where exists (select 1 from late_usage l where l.source = usage.source and l.event = usage.event);

-- What waited to be billed alone is rated with its cycle: that of its resource, and the sums that it may be in.
insert into recounts select distinct account, cycle, original_from_us, original_to_us, resource from late_usage where settled = 'no';
insert into recounts select distinct account, cycle, original_from_us, original_to_us, '' from late_usage where settled = 'no';
drop table late_usage;

-- Adjustments are found by the cycle that they belong to. Most bills are none.
create index bills_original on bills (account, original_from_us) where original_from_us is not null;

-- The contract rate of an account from an instant on. An account whose rate never changed has no row.
create table contract_rates (
    account text not null, from_us bigint not null, contract_rate_e8 bigint not null,
    primary key (account, from_us)
) @clustered;

-- A line keeps all that its cost follows from: of how many its quantity is the mean, what was used after it in its cycle
-- (where the price is that of the whole), what the lines before it came to (where a minimum lifts it), and what the closed
-- cycle had come to before (where it bills the difference).
alter table lines add column counted bigint not null default 1;
alter table lines add column later bigint not null default 0;
alter table lines add column earlier_e8 bigint;
alter table lines add column billed_e8 bigint;
