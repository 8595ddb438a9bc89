-- What an account means to spend in each month, on all or on a project or product, and at which shares in percent it is told:
-- percents with spaces between. One that ended stays for its name: notices speak of it.
create table budgets (
    account text not null, id text not null, name text not null, project text, product text, amount_minor bigint not null,
    actual text not null, forecast text not null, created_us bigint not null, ended_us bigint,
    primary key (account, id)
) @clustered;
create unique index budgets_by_name on budgets (account, name) where ended_us is null;
