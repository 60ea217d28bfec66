-- What a person may type in place of the given login: phone, e-mail, IIN. Each is found by a hash with a key that the database does not hold,
-- and kept sealed with another. Global like account: one person, several schools.
create table account_identifier (
  account_id uuid not null references account (id),
  kind text not null check (kind in ('phone', 'email', 'iin')),
  lookup bytea not null check (length(lookup) = 32),
  sealed bytea not null,
  set_at timestamptz not null,
  -- Who wrote it; who left and was erased stays here as an id that leads nowhere.
  set_by uuid not null,
  -- Since when it is known to be theirs: the school wrote it down, or a letter's link was followed. Without it another account may take it over.
  vouched_at timestamptz,
  primary key (account_id, kind),
  unique (kind, lookup)
);
grant select, insert, update, delete on account_identifier to shanyraq_web;

-- A new e-mail that waits for its link to be followed.
create table account_email_question (
  token_hash bytea primary key check (length(token_hash) = 32),
  account_id uuid not null references account (id),
  lookup bytea not null check (length(lookup) = 32),
  sealed bytea not null,
  expires_at timestamptz not null
);
create index account_email_question_account on account_email_question (account_id);
grant select, insert, delete on account_email_question to shanyraq_web;
