-- The options that something prepaid had before an order changes it. The table `renewals` names the orders that are about a
-- resource which is there already: what renews it, and what changes it.
alter table orders add column had text;
