-- Links that were sent to who forgot the password. Of a link only the hash is kept, and of the address the keyed hash by which it is found:
-- when the account's e-mail is another one by then, the link opens nothing.
create table account_recovery (
  token_hash bytea primary key check (length(token_hash) = 32),
  account_id uuid not null references account (id),
  lookup bytea not null check (length(lookup) = 32),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index account_recovery_account on account_recovery (account_id);
grant select, insert, update, delete on account_recovery to shanyraq_web;
