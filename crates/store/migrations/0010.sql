-- When a book began, after what lived then was found to have a price in it [R-CAT-1], or why it did not begin. Both null:
-- it begins later. A book that was in force before this was asked has begun.
alter table books add column begun_us bigint;
alter table books add column withheld text;
update books set begun_us = from_us where from_us <= applied_us
    or from_us <= coalesce((select max(last_us) from jobs), 0) or id in (select book from orders);
