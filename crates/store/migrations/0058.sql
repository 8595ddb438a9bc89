-- What the month clock of a meter showed, for prices that stop within a calendar month.
alter table openings add column month_s bigint not null default 0;
