-- Programs and people that call the till. Only the hash of a key is kept.
create table api_keys (
    id text primary key, hash text not null unique, account text, name text not null, scopes text not null,
    created_us bigint not null, expires_us bigint, revoked_us bigint
);
create index api_keys_account on api_keys (account, id);

-- First answers to writes that carried an Idempotency-Key. `owner` is the account, or the key of whoever has none.
create table answers (
    owner text not null, token text not null, fingerprint text not null, status bigint not null, body text not null,
    at_us bigint not null,
    primary key (owner, token)
) @clustered;

-- Every write, in a chain of hashes for each account; `chain` is the account, or `till`.
create table journal (
    chain text not null, number bigint not null, at_us bigint not null, actor text not null, operation text not null,
    target text not null, body text not null, hash text not null,
    primary key (chain, number)
) @clustered;

-- The newest entry of each chain: what tells that the end of one was cut off.
create table journal_heads (chain text not null primary key, number bigint not null, hash text not null) @clustered;

-- One row: the clock of a server that was started with a test clock.
create table clock (id bigint primary key, now_us bigint not null);

-- Which node does the jobs, until when.
create table leases (name text primary key, holder text not null, until_us bigint not null);

-- What the cloud is to do and what it said. `due_us`: a simulated answer, the time-out, or the next attempt.
create table tasks (
    id text primary key, account text not null, resource text not null, order_id text not null, kind text not null,
    state text not null, attempt bigint not null, product text not null, options text not null, name text not null,
    service text, target text not null, cause text not null, address text, attributes text not null, reason text not null,
    created_us bigint not null, due_us bigint, ended_us bigint, version bigint not null
) @clustered;
create index tasks_due on tasks (due_us) where due_us is not null;
create index tasks_state on tasks (state, id);
create index tasks_resource on tasks (account, resource);
insert into tasks select 'tsk_' || substr(p.resource, 5), p.account, p.resource, p.order_id, 'provision', 'waiting', p.attempt,
    r.product, r.options, r.name, r.service, 'running', 'owner', null, '{}', '', r.created_us, p.due_us, null, 0
    from provisions p join resources r on r.account = p.account and r.id = p.resource;
insert into tasks select 'tsk_' || substr(p.resource, 5), p.account, p.resource, r.order_id, 'release', 'waiting', 1,
    r.product, r.options, r.name, r.service, 'releasing', p.ended_by, null, '{}', '', r.since_us, p.due_us, null, 0
    from releases p join resources r on r.account = p.account and r.id = p.resource;
drop table provisions;
drop table releases;

-- Addresses that are told of events. `owner` is an account, `operator`, or `cloud`. The secret signs, so it is kept as it is.
create table endpoints (
    id text primary key, owner text not null, url text not null, secret text not null, kinds text not null,
    state text not null, created_us bigint not null
);
create index endpoints_owner on endpoints (owner, id);

-- What happened, told to whoever subscribed. `number` is the order of what happened at one instant; `account` is null
-- for what only the operator sees.
create table events (
    id text primary key, account text, kind text not null, at_us bigint not null, number bigint not null,
    body text not null
);
create index events_at on events (at_us, number, id);
create index events_account on events (account, at_us, number, id);

-- One event to one endpoint. `attempt` counts all attempts, `tries` those since it was last asked for; `due_us` is null
-- when it is over or its endpoint is disabled.
create table messages (
    id text primary key, endpoint text not null, event text not null, number bigint not null, state text not null,
    attempt bigint not null, tries bigint not null, due_us bigint, status bigint, error text not null,
    created_us bigint not null, ended_us bigint
);
create index messages_due on messages (due_us, number);
create index messages_endpoint on messages (endpoint, created_us, number, id);

-- The delivery log: every attempt of a message.
create table message_attempts (
    message text not null, number bigint not null, at_us bigint not null, status bigint, error text not null,
    primary key (message, number)
) @clustered;

create table projects (
    account text not null, id text not null, name text not null, created_us bigint not null,
    primary key (account, id)
) @clustered;
create unique index projects_name on projects (account, name);

-- What an owner writes on a resource.
create table labels (
    account text not null, resource text not null, project text, tags text not null,
    primary key (account, resource)
) @clustered;
create index labels_project on labels (account, project);

-- Where counters that only grow stood: a reading is by how much the history grows with a new standing.
create table counters (
    resource text not null, meter text not null, series text not null, at_us bigint not null,
    account text not null, value bigint not null, counting text,
    primary key (resource, meter, series, at_us)
) @clustered;
create index usage_resource on usage (resource, meter, at_us);

-- What a counter's reading said: its standing, and whether it had begun anew. Null for a difference.
alter table usage add column standing bigint;
alter table usage add column counting text;
alter table quarantine add column key text not null default '';
alter table quarantine add column counting text;
alter table quarantine add column detail text not null default '';
alter table quarantine add column replayed_us bigint;
create index quarantine_open on quarantine (replayed_us, received_us, source, event);
create index services_account on services (account, name);
create unique index transfers_number on transfers (account, number);
create index bills_id on bills (id);
create index dues_aside on dues (account, cycle) where set_aside is not null;

-- The terms that an order was placed with: its price stays what it was when the account's terms change before delivery.
alter table orders add column contract_rate_e8 bigint not null default 100000000;
