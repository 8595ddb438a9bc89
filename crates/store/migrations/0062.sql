-- Keys of tags that count in the costs of whole months, each from one on and perhaps before another.
create table cost_tags (
    account text not null, key text not null, from_us bigint not null, until_us bigint,
    primary key (account, key, from_us), check (until_us is null or until_us >= from_us)
) @clustered;

-- Bills of what resources share: sums over the account, and packs.
create index bills_shared on bills (account, id) where resource is null or kind = 'pack_purchase';
