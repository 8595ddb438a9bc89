-- Lists over all accounts: orders and top-ups, the newest first; accounts in arrears; the audit log in the order of time.
create index orders_id on orders (id);
create index top_ups_at on top_ups (at_us, account, reference);
create index accounts_in_arrears on accounts (id) where arrears_since_us is not null;
create index journal_by_time on journal (at_us, chain, number);
