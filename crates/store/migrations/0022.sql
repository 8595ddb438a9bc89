-- Who applied a price book, as the audit log names them; empty for books that were applied before this was noted.
alter table books add column applied_by text not null default '';

-- When the run of a cycle began, by the clock of the till.
alter table runs add column begun_us bigint not null default 0;
update runs set begun_us = coalesce((select max(last_us) from jobs), to_us);
