-- For how many months a resource was ordered; 0 for what is paid by use. Quotas are counted by it.
alter table resources add column months bigint not null default 0;
update resources set months = coalesce(
    (select o.months from orders o where o.account = resources.account and o.id = resources.order_id), 0);
create index resources_place on resources (account, product, zone);

-- Most resources wait for nothing.
drop index resources_due;
create index resources_due on resources (due_us) where due_us is not null;

-- Most customers ask for no alert.
create index accounts_alert on accounts (id) where alert_minor > 0;

-- Old events go with their messages.
create index messages_event on messages (event);
