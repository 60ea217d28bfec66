-- Keys of the confidential realms, and work in the background.

-- A data key per school and realm, sealed with a key-encryption key that stands in a file and never here. A new generation seals what is
-- written from then on; an old one stays until the last row that needs it was sealed anew.
create table vault_key (
  school_id uuid not null references organisation (id),
  realm text not null check (realm in ('psychology', 'health', 'social')),
  generation int not null check (generation > 0),
  sealed bytea not null,
  created_at timestamptz not null,
  primary key (school_id, realm, generation)
);
call make_tenant_table('vault_key');
grant select, insert on vault_key to shanyraq_web;
grant select, insert, update (sealed), delete on vault_key to shanyraq_jobs;
grant select on vault_key to shanyraq_report;

-- Work that takes longer than a page may: claimed with `for update skip locked`, leased, and done in portions. `epoch` counts claims: who
-- lost the lease finds another epoch, and the transaction of the portion does not commit.
create table job (
  school_id uuid not null references organisation (id),
  id uuid not null,
  kind text not null check (kind ~ '^[a-z_]+[.][a-z_]+$'),
  key text not null,
  -- Of periodic work: the moment that it is for. No leader is needed: whoever inserts first has it.
  due_at timestamptz,
  body jsonb not null default '{}',
  -- Where it stands, between portions; emptied when it is over.
  state jsonb not null default '{}',
  ordered_by uuid,
  created_at timestamptz not null,
  run_at timestamptz not null,
  lease_until timestamptz,
  epoch int not null default 0,
  -- Claims since the last portion that was done.
  attempts int not null default 0,
  done bigint not null default 0 check (done >= 0),
  total bigint check (total >= 0),
  result jsonb,
  error text,
  outcome text check (outcome in ('done', 'failed')),
  finished_at timestamptz,
  primary key (school_id, id),
  check ((outcome is null) = (finished_at is null))
);
create unique index job_open on job (school_id, kind, key) where finished_at is null;
create unique index job_due on job (school_id, kind, due_at) where due_at is not null;
create index job_waiting on job (run_at) where finished_at is null;
call make_tenant_table('job');
grant select, insert on job to shanyraq_web;
grant select, insert, update, delete on job to shanyraq_jobs;
grant select on job to shanyraq_report;
