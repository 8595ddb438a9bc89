-- People who sign in; the operator's house is the empty text. The password is kept as its argon2id hash; without one nobody
-- signs in. The secret of a second factor is sealed with the installation's key, and asked for from the instant at which a
-- code of it was right.
create table users (
    id text primary key, house text not null, mail text not null, name text not null, role text not null, password text,
    created_us bigint not null, ended_us bigint, second_secret text, second_since_us bigint,
    second_step bigint not null default 0
) @clustered;
create unique index users_by_mail on users (mail) where ended_us is null;
create index users_by_house on users (house, id);

-- Links with which somebody sets a password, by the hash of their text.
create table invitations (
    hash text primary key, user_id text not null, created_us bigint not null, expires_us bigint not null, used_us bigint
) @clustered;
create index invitations_by_user on invitations (user_id);

-- Codes that take the place of a second factor, once each, by their hash.
create table recovery_codes (
    user_id text not null, hash text not null, used_us bigint, primary key (user_id, hash)
) @clustered;

create table sessions (
    id text primary key, hash text not null unique, user_id text not null, proof text not null, house text not null,
    created_us bigint not null, seen_us bigint not null, ended_us bigint, address text not null, agent text not null
) @clustered;
create index sessions_by_user on sessions (user_id, created_us);

-- Tries to sign in that were wrong, by whom or from where.
create table sign_in_tries (
    name text primary key, failures bigint not null, last_us bigint not null
) @clustered;
create index sign_in_tries_by_time on sign_in_tries (last_us);
