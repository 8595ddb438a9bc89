-- What was given back of a resource that went on, paid by use: it may be prepaid and given back once more, each order that ran once.
drop index refunds_by_subject;
create unique index refunds_by_subject on refunds (account, subject, order_id);
