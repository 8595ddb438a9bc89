-- How often a server put a mail off. When no server was there, that counts against no mail.
alter table mails add column put_offs bigint not null default 0;

-- What is counted of mails: those that are not sent.
create index mails_not_sent on mails (state, queued_us) where state <> 'sent';

-- Whose letters wait, house by house.
create index letters_by_house on letters (house, due_us, id) where due_us is not null;

-- Accounts that are told a month later, since it is not settled for them yet; `month_us` is when the month ended.
create table statements_waiting (
    account text not null, month_us bigint not null, primary key (account, month_us)
) @clustered;
