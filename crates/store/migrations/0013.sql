-- The kinds of cycle that were closed past the instant at which a change was asked for, in words; null for one in time.
-- Only ends of releases that failed were late before, and every run saw them from where they took effect.
alter table meter_events add column late text;
update meter_events set late = 'hour day month' where asked_us is not null;

-- Up to where cycles of each kind are closed for anybody, and what time it was when the newest of them was closed.
create table closes (cycle text primary key, to_us bigint not null, closed_us bigint not null);
insert into closes select cycle, max(settled_to_us), max(settled_to_us) from dues group by cycle;
