-- The currency of a book; null for those of before, which are all of one. Source: R-MON-5.
alter table books add column currency text;
-- The currency of the account, kept with what it has: it never changes, and says whose books a resource goes by.
alter table resources add column currency text not null default '';
update resources set currency = coalesce((select a.currency from accounts a where a.id = resources.account), '');
