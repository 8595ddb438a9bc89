-- How the files of a book are read. Books that were applied before keep their reading [R-PRC-19].
alter table books add column format bigint not null default 1;
