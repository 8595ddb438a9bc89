-- Whom a provider vouches for where a code is still asked for, by the half session: until the code is right nobody is bound to it.
create table vouched (
    session text primary key, issuer text not null, subject text not null, created_us bigint not null
) @clustered;
create index vouched_by_time on vouched (created_us);
