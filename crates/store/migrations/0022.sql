-- Who applied a price book, as the audit log names them; empty for books that were applied before this was noted.
alter table books add column applied_by text not null default '';
