-- How many chains of the audit log were begun, by the last letter of their names: what tells that whole chains are gone.
create table journal_births (letter text primary key, chains bigint not null);
insert into journal_births select substr(chain, length(chain)), count(*) from journal_heads
    group by substr(chain, length(chain));

-- Whether the audit log holds what stands in the books: from the beginning for new books, from their first start with
-- this version on for older ones.
create table facts (id bigint primary key, begun bigint not null);
insert into facts select 1, case when exists (select 1 from accounts) or exists (select 1 from api_keys)
    or exists (select 1 from books) then 0 else 1 end;

-- From where a key may be used, networks parted by spaces, empty for anywhere; and when it was used last, to the minute.
alter table api_keys add column addresses text not null default '';
alter table api_keys add column last_used_us bigint;
