-- Whether mail goes out from here, as the servers were started.
create table mailing (id bigint primary key, is_on bigint not null, set_us bigint not null) @clustered;

-- What is told by mail. One that waits is still to be addressed; nothing of what is sealed is kept longer than it is needed.
create table letters (
    id text primary key, house text not null, user_id text, kind text not null, subject text not null, threshold bigint not null,
    occasion text not null, at_us bigint not null, sealed text, due_us bigint
) @clustered;
create index letters_by_due on letters (due_us) where due_us is not null;

-- Mails: one letter to one address. One that is queued is tried when it is due; whoever moves that away first sends.
create table mails (
    id text primary key, letter text not null, house text not null, kind text not null, address text not null, name text not null,
    user_id text, language text not null, state text not null, tries bigint not null, due_us bigint, reply bigint, error text not null,
    created_us bigint not null, queued_us bigint not null, ended_us bigint
) @clustered;
create unique index mails_by_letter on mails (letter, address);
create index mails_by_due on mails (due_us) where due_us is not null;
create index mails_by_house on mails (house) where due_us is not null;
create index mails_by_state on mails (state, id);

-- In which language somebody, or an account, is written to.
create table languages (id text primary key, language text not null) @clustered;

-- Which kinds somebody wants or not, where that was said.
create table mail_wishes (
    user_id text not null, kind text not null, is_wanted bigint not null, primary key (user_id, kind)
) @clustered;

-- Addresses of an account that are no person's.
create table mail_addresses (
    account text not null, mail text not null, topics text not null, language text, created_us bigint not null,
    primary key (account, mail)
) @clustered;

-- From where people signed in before: networks, not addresses.
create table sign_in_places (
    user_id text not null, place text not null, last_us bigint not null, primary key (user_id, place)
) @clustered;
