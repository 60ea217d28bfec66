-- Accounts and sessions are global (one login, several organisations); roles belong to an organisation.

create table account (
  id uuid primary key,
  person_id uuid not null unique references person (id),
  login text not null unique check (login = lower(login) and login <> ''),
  password_hash text not null,
  locale text check (locale in ('kk', 'ru', 'en')),
  created_at timestamptz not null default now(),
  blocked_at timestamptz
);
grant select, insert, update on account to shanyraq_web;

create table session (
  token_hash bytea primary key check (length(token_hash) = 32),
  account_id uuid not null references account (id),
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  user_agent text
);
create index session_account on session (account_id);
grant select, insert, update, delete on session to shanyraq_web;

-- What a person may be in an organisation. school_id is the organisation's id, of whatever kind.
create table role_grant (
  school_id uuid not null references organisation (id),
  person_id uuid not null references person (id),
  role text not null check (role <> ''),
  valid_from timestamptz not null,
  valid_to timestamptz check (valid_to >= valid_from),
  primary key (school_id, person_id, role, valid_from)
);
create index role_grant_person on role_grant (person_id);
call make_tenant_table('role_grant');
create policy own on role_grant for select using (person_id = (select current_person()));
grant select, insert, update on role_grant to shanyraq_web;

create table audit (
  school_id uuid not null references organisation (id),
  id uuid not null,
  at timestamptz not null,
  person_id uuid,
  role text not null,
  action text not null,
  subject_kind text not null,
  subject_id uuid,
  detail jsonb not null default '{}',
  primary key (school_id, id)
);
call make_tenant_table('audit');
-- Append-only: nobody but the owner may change or delete.
grant select, insert on audit to shanyraq_web, shanyraq_jobs;
grant insert on audit to shanyraq_engine;
