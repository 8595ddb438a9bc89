-- By which book a resource lives: that of its purchase. Without it, what was there before, by the book of now.
alter table resources add column life_book text;
-- So many days what is prepaid runs on behind its deadline: as agreed with the account, and as kept with what it bought.
alter table resources add column no_stop_days bigint not null default 0;
alter table accounts add column no_stop_days bigint not null default 0;
