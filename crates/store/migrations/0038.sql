-- Of what is prepaid: whether it is renewed by itself, when something about that is looked at next, and the day of the month that
-- its deadlines lie on where that is not the day of its delivery.
alter table resources add column renewal text not null default 'manual';
alter table resources add column renew_us bigint;
alter table resources add column anchor_day bigint;
-- What there is is looked at eight days before its deadline: its first notice is not earlier.
update resources set renew_us = deadline_us - 691200000000 where deadline_us is not null and state <> 'released' and state <> 'failed';
create index resources_renew on resources (renew_us) where renew_us is not null;

-- The day of the month on which what is prepaid ends, where an account wants one for all.
alter table accounts add column expiry_day bigint;

-- Days beyond the months of an order, up to that day.
alter table orders add column days bigint not null default 0;

-- Which orders renew which resource.
create table renewals (
    account text not null, resource text not null, order_id text not null,
    primary key (account, resource, order_id)
) @clustered;
