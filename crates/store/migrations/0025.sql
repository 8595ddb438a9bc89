-- What people have put into their carts: an item as text, and what it cost when it was put there or last agreed to. A cart is
-- somebody's in an account; nothing is held and nothing bought by it.
create table cart_items (
    account text not null, user_id text not null, id text not null, item text not null, quoted_minor bigint not null,
    added_us bigint not null,
    primary key (account, user_id, id)
) @clustered;
