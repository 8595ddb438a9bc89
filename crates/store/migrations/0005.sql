-- When each job ran last, and which node may work at it until when. A lease covers the jobs that go in one order, so not
-- every row has one: `until_us` is 0 then. Without `last_us` a job never ran, or has to run again whatever time it is.
drop table leases;
create table jobs (name text primary key, holder text not null, until_us bigint not null, last_us bigint);
