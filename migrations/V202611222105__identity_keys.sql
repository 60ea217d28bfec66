-- Keys of the API: what a program or an app of a person's own may do in their name, until when. Of a token only the hash is kept.
create table account_key (
  id uuid primary key,
  account_id uuid not null references account (id),
  name text not null check (name <> ''),
  token_hash bytea not null unique check (length(token_hash) = 32),
  -- Names of rights, and `own` for what is nobody else's. Never more than the person holds at the moment of asking.
  scopes text[] not null,
  -- The hash of the public key that the token is bound to: it is refused from whoever does not hold the private half.
  thumbprint bytea check (length(thumbprint) = 32),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz
);
create index account_key_account on account_key (account_id);
grant select, insert, update, delete on account_key to shanyraq_web;

-- A code that an app exchanges for a token bound to its key, once.
create table account_key_code (
  code_hash bytea primary key check (length(code_hash) = 32),
  account_id uuid not null references account (id),
  name text not null check (name <> ''),
  scopes text[] not null,
  expires_at timestamptz not null,
  key_expires_at timestamptz not null
);
create index account_key_code_account on account_key_code (account_id);
grant select, insert, delete on account_key_code to shanyraq_web;
-- Who is erased leaves with their keys.
grant select, delete on account_key, account_key_code to shanyraq_jobs;

-- Proofs that were used, for as long as they would be fresh.
create table account_key_proof (
  thumbprint bytea not null check (length(thumbprint) = 32),
  proof_hash bytea not null check (length(proof_hash) = 32),
  expires_at timestamptz not null,
  primary key (thumbprint, proof_hash)
);
create index account_key_proof_expiry on account_key_proof (expires_at);
grant select, insert, delete on account_key_proof to shanyraq_web;
