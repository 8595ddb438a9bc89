-- The last number of a price change, proposals among them, in one row: no two of them get the same, whichever table they stand in.
create table price_change_numbers (id bigint not null primary key, last bigint not null) @clustered;
insert into price_change_numbers (id, last) select 1, coalesce(max(c.number), 0) from (select number from price_proposals union all
    select number from price_changes) c;
create index price_changes_of_book on price_changes (book, number);
