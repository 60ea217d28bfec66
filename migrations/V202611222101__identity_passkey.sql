-- Passkeys: a key that a phone or computer keeps for its owner and uses after a finger, a face or a PIN. Here is only its public half.
create table account_passkey (
  id uuid primary key,
  account_id uuid not null references account (id),
  credential_id bytea not null unique,
  credential jsonb not null,
  name text not null check (name <> ''),
  created_at timestamptz not null,
  used_at timestamptz
);
create index account_passkey_account on account_passkey (account_id);
grant select, insert, update, delete on account_passkey to shanyraq_web;

-- A question that a browser was asked and has not answered yet. No account: somebody who signs in.
create table account_passkey_question (
  token_hash bytea primary key check (length(token_hash) = 32),
  account_id uuid references account (id),
  state jsonb not null,
  expires_at timestamptz not null
);
create index account_passkey_question_expiry on account_passkey_question (expires_at);
grant select, insert, delete on account_passkey_question to shanyraq_web;

-- When a passkey was shown in this session: it counts as a second factor for as long as the session lasts.
alter table session add column passkey_at timestamptz;
-- Since when the token waits to be exchanged for a fresh one, because what the person may do has changed.
alter table session add column renew_at timestamptz;
