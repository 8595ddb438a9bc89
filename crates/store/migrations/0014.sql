-- The public half of the installation's key, which every node that serves these books has; one row.
create table installation (id bigint primary key, public_key text not null, made_us bigint not null);

-- The secret that a webhook had before, which still signs beside the new one until then.
alter table endpoints add column old_secret text;
alter table endpoints add column old_until_us bigint;
