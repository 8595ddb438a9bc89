-- Bills of one resource.
create index bills_by_resource on bills (account, resource, id) where resource is not null;

-- Below which bill the sums of an account count everything, and when it is looked at next; the empty text is for nothing: then
-- what is kept of it is void.
create table rolled (
    account text primary key, below text not null, due_us bigint not null
) @clustered;
create index rolled_by_due on rolled (due_us);
insert into rolled (account, below, due_us) select id, '', coalesce((select max(last_us) from jobs), created_us) from accounts;

-- What bills of an account come to by the day in which their use began. `whole` and `rest` are what lines cost, in 1 and in 1e-8.
create table day_sums (
    account text not null, from_us bigint not null, product text not null, region text not null, kind text not null,
    currency text not null, bills bigint not null, whole bigint not null, rest bigint not null, total_minor bigint not null,
    bonus_minor bigint not null, cash_minor bigint not null, income_minor bigint not null, owed_minor bigint not null,
    primary key (account, from_us, product, region, kind, currency)
) @clustered;

-- The same by month and by what is billed, with what was written on it when it was deducted, which `labels` tells apart. What there is
-- none of is the empty text. Bills about a closed cycle are in neither.
create table month_sums (
    account text not null, from_us bigint not null, product text not null, region text not null, subject text not null,
    kind text not null, spec text not null, labels text not null, currency text not null, project text not null, tags text not null,
    order_id text not null, bills bigint not null, whole bigint not null, rest bigint not null, total_minor bigint not null,
    bonus_minor bigint not null, cash_minor bigint not null, income_minor bigint not null, owed_minor bigint not null,
    primary key (account, from_us, product, region, subject, kind, spec, labels, currency)
) @clustered;
