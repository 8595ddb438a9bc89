-- When an order or a resource was last changed, so that who keeps a copy asks for what is new.
alter table orders add column updated_us bigint not null default 0;
update orders set updated_us = created_us;
alter table resources add column updated_us bigint not null default 0;
update resources set updated_us = since_us;

-- What was written on a resource from when until when: a bill is cut by what stood there when it was deducted.
create table label_spans (
    account text not null, resource text not null, from_us bigint not null, to_us bigint not null, project text,
    tags text not null,
    primary key (account, resource, from_us)
) @clustered;
insert into label_spans (account, resource, from_us, to_us, project, tags)
    select account, resource, 0, 9223372036854775807, project, tags from labels;
