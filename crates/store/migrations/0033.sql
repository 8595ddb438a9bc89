-- Whom documents of an account are made out to, and in which language.
create table billing_details (
    account text primary key, name text not null, tax_number text not null, country text not null, city text not null,
    street text not null, postal_code text not null, phone text not null, mail text not null, bank text not null,
    bank_account text not null, language text not null
);

-- Who sells and the taxes, as the operator wrote them; the newest holds for what is issued from then on.
create table sellers (
    number bigint primary key, id text not null, body text not null, applied_us bigint not null, applied_by text not null
);

-- The last number of each series of a legal entity.
create table document_series (
    entity text not null, series text not null, last bigint not null,
    primary key (entity, series)
);

-- Documents as they were issued, never changed. `body` is all that one says, `digest` its SHA-256; `subject` is what tells it
-- from others of its kind: a month, a reference, a token.
create table documents (
    account text not null, id text not null, kind text not null, subject text not null, entity text not null,
    series text not null, number bigint not null, printed text not null, issued_us bigint not null, day text not null,
    original text, currency text not null, total_minor bigint not null, body text not null, digest text not null,
    primary key (account, id)
);
create unique index documents_number on documents (entity, series, number);
create unique index documents_subject on documents (account, kind, subject);
create index documents_id on documents (id);
create index documents_original on documents (account, original) where original is not null;

-- Up to which movement the cash of an account is invoiced, by which invoice, and what it owed there.
create table invoiced (
    account text primary key, before_number bigint not null, document text not null
);
create table invoiced_debts (
    account text not null, number bigint not null, product text not null, total_minor bigint not null,
    primary key (account, number)
) @clustered;

-- Credit notes whose sums may be invoiced once more.
create table uninvoiced (
    account text not null, document text not null,
    primary key (account, document)
) @clustered;
