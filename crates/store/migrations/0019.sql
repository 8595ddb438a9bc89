-- Who did something to a resource is looked up in the audit log by the instant at which it happened.
create index journal_at on journal (chain, at_us);
