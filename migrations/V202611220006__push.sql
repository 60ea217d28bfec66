-- What people are told, and whether it reached them.

-- No foreign keys here: their check for each of thousands of rows a second costs more than the row, and the engine takes every id
-- from a row it has just read in the same transaction.
-- The inbox: everything a guardian was to be told, switched off or not.
create table notice (
  school_id uuid not null,
  recipient_id uuid not null,
  id uuid not null,
  created_at timestamptz not null,
  child_id uuid not null,
  kind text not null,
  occurred_at timestamptz not null,
  late boolean not null,
  args jsonb not null,
  read_at timestamptz,
  primary key (school_id, recipient_id, id, created_at)
) partition by range (created_at);
create table notice_default partition of notice default;
call make_tenant_table('notice');
grant select, insert on notice to shanyraq_engine, shanyraq_jobs;
grant select on notice to shanyraq_web, shanyraq_report;
grant update (read_at) on notice to shanyraq_web;

-- A guardian's wish for one child and one kind; no row means the kind's default.
create table notice_switch (
  school_id uuid not null references organisation (id),
  guardian_id uuid not null references person (id),
  child_id uuid not null references person (id),
  kind text not null,
  push text not null check (push in ('on', 'off')),
  changed_at timestamptz not null,
  primary key (school_id, guardian_id, child_id, kind)
);
call make_tenant_table('notice_switch');
grant select on notice_switch to shanyraq_engine, shanyraq_jobs;
grant select, insert, update on notice_switch to shanyraq_web;

-- A phone or browser of a person. Global: a phone belongs to no school.
create table push_token (
  id uuid primary key,
  person_id uuid not null references person (id),
  channel text not null check (channel in ('fcm')),
  token text not null,
  locale text not null check (locale in ('kk', 'ru', 'en')),
  registered_at timestamptz not null,
  removed_at timestamptz,
  removed_reason text,
  check ((removed_at is null) = (removed_reason is null))
);
create unique index push_token_open on push_token (channel, token) where removed_at is null;
create index push_token_person on push_token (person_id) where removed_at is null;
alter table push_token enable row level security;
alter table push_token force row level security;
create policy own on push_token using (person_id = (select current_person())) with check (person_id = (select current_person()));
create policy sender on push_token to shanyraq_engine, shanyraq_jobs using (true) with check (true);
grant select, insert, update on push_token to shanyraq_web;
grant select, update on push_token to shanyraq_engine, shanyraq_jobs;

-- One attempt to reach one phone: inserted with its notice, leased to the instance that inserted it, finished with an outcome.
-- token_id is all zeros where there is no phone to reach: then the outcome says why from the start.
create table delivery (
  school_id uuid not null,
  notice_id uuid not null,
  token_id uuid not null,
  created_at timestamptz not null,
  recipient_id uuid not null,
  channel text not null check (channel in ('fcm')),
  lease_until timestamptz not null,
  attempts int not null default 0,
  outcome text check (outcome in ('sent', 'switched_off', 'no_phone', 'late', 'expired', 'unregistered', 'refused')),
  outcome_at timestamptz,
  detail text,
  primary key (school_id, notice_id, token_id, created_at),
  check ((outcome is null) = (outcome_at is null))
) partition by range (created_at);
create table delivery_default partition of delivery default;
create index delivery_open on delivery (lease_until) where outcome is null;
call make_tenant_table('delivery');
grant select, insert, update on delivery to shanyraq_engine, shanyraq_jobs;
grant select on delivery to shanyraq_web, shanyraq_report;
