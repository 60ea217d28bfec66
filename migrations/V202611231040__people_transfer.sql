-- Transfer between two schools of this hub: the sending school releases a pupil with a slip, the receiving school accepts with its code.
create table transfer (
  -- The sending school's.
  school_id uuid not null references organisation (id),
  id uuid not null,
  pupil_id uuid not null references person (id),
  to_school uuid not null references organisation (id),
  reason text not null check (reason in ('wish', 'moving', 'court', 'abroad', 'bullying')),
  code_hash bytea not null check (length(code_hash) = 32),
  made_at timestamptz not null,
  made_by uuid,
  -- The last day on which it is accepted: three working days.
  valid_until date not null,
  cancelled_at timestamptz,
  cancelled_by uuid,
  accepted_at timestamptz,
  accepted_by uuid,
  primary key (school_id, id),
  check (to_school <> school_id),
  check (cancelled_at is null or accepted_at is null)
);
create unique index transfer_open on transfer (school_id, pupil_id) where cancelled_at is null and accepted_at is null;
create index transfer_to on transfer (to_school);
call make_tenant_table('transfer');
-- The receiving school sees that a slip is addressed to it: from where, and until when. Whose it is it learns with the code.
create policy addressed on transfer for select using (to_school = any((select current_schools())::uuid[]));
grant select, insert, update (cancelled_at, cancelled_by) on transfer to shanyraq_web;
grant select, delete on transfer to shanyraq_jobs;
grant select on transfer to shanyraq_report;
