-- The days that an order raises something for, where it is not for all that are left; and what of a resource is raised for some days: a
-- line for each.
alter table orders add column raise_from_us bigint;
alter table orders add column raise_to_us bigint;
alter table resources add column raises text not null default '';
