-- What the month clock of a meter showed, for prices that stop within a calendar month.
alter table openings add column month_s bigint not null default 0;

-- What free tiers of an account took of a line.
alter table lines add column free_units bigint not null default 0;
