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

-- What the cloud is to do and what it said. `due_us`: a simulated answer, the next attempt, or the time-out.
create table tasks (
    account text not null, id text not null, resource text not null, order_id text not null, kind text not null,
    state text not null, attempt bigint not null, body text not null, reason text not null,
    created_us bigint not null, due_us bigint, ended_us bigint, version bigint not null,
    primary key (account, id)
) @clustered;
create unique index tasks_id on tasks (id);
create index tasks_due on tasks (due_us);
create index tasks_open on tasks (state, id);
create index tasks_resource on tasks (account, resource, id);

-- Addresses that are told of events. `owner` is an account, `operator`, or `cloud`.
create table endpoints (
    id text primary key, owner text not null, url text not null, secret text not null, kinds text not null,
    state text not null, created_us bigint not null
);
create index endpoints_owner on endpoints (owner, id);

-- What happened, told to whoever subscribed. `number` is the order in which it was noted.
create table events (
    id text primary key, account text, kind text not null, at_us bigint not null, body text not null
);

-- One event to one endpoint: delivered once, tried until it is.
create table messages (
    id text primary key, endpoint text not null, event text not null, state text not null, attempt bigint not null,
    due_us bigint, status bigint, error text not null, created_us bigint not null, ended_us bigint
);
create index messages_due on messages (due_us);
create index messages_endpoint on messages (endpoint, id);

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

-- Where a counter that only grows stood: the next reading of it is the difference.
create table counters (
    account text not null, resource text not null, meter text not null, series text not null,
    at_us bigint not null, value bigint not null, source text not null, event text not null,
    primary key (account, resource, meter, series, at_us)
) @clustered;
create index usage_resource on usage (resource, meter, at_us);

alter table quarantine add column key text not null default '';
alter table quarantine add column body text not null default '';
alter table quarantine add column replayed_us bigint;
create index services_account on services (account, name);
create index lines_bill on lines (bill, number);
create index bills_id on bills (id);
create index dues_aside on dues (account, cycle) where set_aside is not null;
