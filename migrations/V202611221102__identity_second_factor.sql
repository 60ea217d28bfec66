-- The second factor. Global like account and session: one person, several schools.

-- A secret shared with the person's authenticator. Not confirmed: shown, but no code of it was typed yet, so nothing is asked at sign-in.
create table account_totp (
  account_id uuid primary key references account (id),
  -- Sealed with a key outside the database, bound to the account.
  sealed bytea not null,
  created_at timestamptz not null,
  confirmed_at timestamptz,
  -- The step of the last code that was taken: this one and older ones are refused.
  last_step bigint not null default 0
);
grant select, insert, update, delete on account_totp to shanyraq_web;

-- One-time codes for who lost the authenticator. Hashed: 80 random bits each.
create table account_recovery_code (
  account_id uuid not null references account (id),
  code_hash bytea not null check (length(code_hash) = 32),
  created_at timestamptz not null,
  used_at timestamptz,
  primary key (account_id, code_hash)
);
grant select, insert, update, delete on account_recovery_code to shanyraq_web;

-- The password was right, the code is still to come: known by its own short-lived token, of which only the hash is kept.
create table account_half_open (
  token_hash bytea primary key check (length(token_hash) = 32),
  account_id uuid not null references account (id),
  next text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  failures smallint not null default 0
);
create index account_half_open_account on account_half_open (account_id);
grant select, insert, update, delete on account_half_open to shanyraq_web;
