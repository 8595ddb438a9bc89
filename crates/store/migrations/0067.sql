-- Price books that were applied without a proposal and charge what lives otherwise: what customers are told of. Their ids have a
-- space in them, which no proposal's has, and their numbers are counted with those of proposals.
create table price_changes (
    id text not null primary key, number bigint not null unique, book text not null, currency text not null, from_us bigint not null
) @clustered;
