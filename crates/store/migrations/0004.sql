-- What the pieces of an order become: `resource` or `pack`. Of an order from before, the pack or the resource that is
-- there says so; of one that was never delivered, what was guessed then: packs alone are paid with the order and not
-- by the month.
alter table orders add column becomes text not null default 'resource';
update orders set becomes = 'pack'
    where exists (select 1 from packs p where p.account = orders.account and p.order_id = orders.id)
    or (not exists (select 1 from resources r where r.account = orders.account and r.order_id = orders.id)
        and (month is not null or (months = 0 and list_minor > 0)));
