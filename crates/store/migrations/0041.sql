-- What was given back, and the bill by which it was: `subject` is a resource or a pack, and nothing is given back twice.
create table refunds (
    account text not null, id text not null, subject text not null, way text not null, bill text not null,
    order_id text not null, months bigint not null, seconds bigint not null, at_us bigint not null,
    primary key (account, id)
) @clustered;
create unique index refunds_by_subject on refunds (account, subject);
create unique index refunds_by_bill on refunds (account, bill);
create unique index refunds_by_id on refunds (id);
create index refunds_by_time on refunds (account, at_us);

-- When a pack was given back; nothing is left of it then.
alter table packs add column refunded_us bigint;
