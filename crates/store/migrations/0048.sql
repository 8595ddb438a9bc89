-- Since when something is prepaid that was paid by use before: its months count from then, and not from its delivery.
alter table resources add column anchor_us bigint;
