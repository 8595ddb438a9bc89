-- What counts as paid of a downgrade and was owed when it was billed: it goes back to the purses that paid debts.
alter table downgrades add column owed_minor bigint not null default 0;
