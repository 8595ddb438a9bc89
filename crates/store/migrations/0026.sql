-- Who a user is at the OpenID provider by which it signed in first: nobody else comes in as that user by a provider, and nobody as two.
alter table users add column oidc_issuer text;
alter table users add column oidc_subject text;
create unique index users_by_subject on users (oidc_issuer, oidc_subject) where ended_us is null;
