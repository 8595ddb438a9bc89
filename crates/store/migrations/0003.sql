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

-- Most orders are paid at once, and most tasks are done.
drop index orders_unpaid;
create index orders_unpaid on orders (expires_us) where state = 'unpaid';
drop index tasks_state;
create index tasks_state on tasks (state, id) where state <> 'done';

-- Rows that change soon after they were written find room for it on their page.
@postgres alter table orders set (fillfactor = 70);
@postgres alter table pieces set (fillfactor = 70);
@postgres alter table resources set (fillfactor = 70);
@postgres alter table tasks set (fillfactor = 70);
@postgres alter table wallets set (fillfactor = 50);
@postgres alter table journal_heads set (fillfactor = 50);
