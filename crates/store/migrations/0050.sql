-- Cash of refunds on its way back to the cards that paid: what, to which payment, and how far it is.
create table card_refunds (
    account text not null, id text not null, refund text not null, payment text not null, money_minor bigint not null check (money_minor > 0),
    state text not null, name text, reason text, tries bigint not null, due_us bigint, created_us bigint not null,
    changed_us bigint not null, version bigint not null,
    primary key (account, id)
) @clustered;
create unique index card_refunds_by_id on card_refunds (id);
create index card_refunds_by_refund on card_refunds (account, refund);
create index card_refunds_by_payment on card_refunds (account, payment);
create index card_refunds_by_time on card_refunds (created_us);
create index card_refunds_due on card_refunds (due_us) where due_us is not null;
create index card_refunds_open on card_refunds (id) where state = 'to_send';
