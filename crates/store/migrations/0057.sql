-- Proposals of price changes: the book, what it was shown to change, and who did what with it.
create table price_proposals (
    id text not null primary key, number bigint not null unique, book text not null, name text not null, currency text not null,
    from_us bigint not null, reason text not null, limit_tenths bigint not null, computed_us bigint not null, state text not null,
    made_by text not null, made_us bigint not null, agreed_by text, agreed_us bigint, applied_by text, applied_us bigint,
    ended_by text, ended_us bigint, revision bigint not null
) @clustered;
create table price_proposal_texts (proposal text not null primary key, body text not null, format bigint not null) @clustered;
-- Sums in 1e-8 may be larger than a column of 64 bits.
create table price_proposal_figures (
    proposal text not null primary key, against text not null, month text not null, all_customers bigint not null,
    customers bigint not null, charged bigint not null, more_count bigint not null, less_count bigint not null, failed bigint not null,
    before_e8 text not null, after_e8 text not null, moved_e8 text not null
) @clustered;
create table price_proposal_movers (
    proposal text not null, number bigint not null, account text not null, name text not null, before_e8 text not null,
    after_e8 text not null, primary key (proposal, number)
) @clustered;

-- What is told of them, account after account, and to whom it was.
create table price_notices (
    proposal text not null, kind text not null, asked_us bigint not null, after_account text not null, done_us bigint,
    primary key (proposal, kind)
) @clustered;
create table price_told (proposal text not null, account text not null, primary key (proposal, account)) @clustered;
