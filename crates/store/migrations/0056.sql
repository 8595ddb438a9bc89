-- Bills that were deducted long after what they are of, or about a closed cycle: their ids do not say when they were paid.
create index bills_late on bills (account, posted_us) where original_from_us is not null or posted_us > to_us + 3600000000;

-- What was paid for months ahead, by when those end; and packs.
create index bills_ahead on bills (account, to_us) where kind in ('prepaid_new', 'prepaid_renew', 'prepaid_change');
create index bills_of_packs on bills (account, posted_us) where kind = 'pack_purchase';
