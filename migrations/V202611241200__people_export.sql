-- Files that a job makes for another system: what was asked, and the file itself in sealed parts (whole IINs may stand in it). A new one of a
-- kind takes the bytes of the old ones away; all of it leaves by a rule of retention.
create table export (
  school_id uuid not null references organisation (id),
  id uuid not null,
  kind text not null check (kind in ('oneroster', 'national')),
  -- What was asked: the year, or the day, the people and the form of the file.
  about jsonb not null,
  -- Whether whole IINs stand in it.
  has_iin boolean not null,
  file_name text not null check (file_name <> ''),
  -- No reference: who asked for a file may leave and be erased.
  ordered_by uuid not null,
  ordered_at timestamptz not null,
  job_id uuid not null,
  lines int,
  finished_at timestamptz,
  primary key (school_id, id)
);
create index export_recent on export (school_id, kind, ordered_at desc, id desc);
call make_tenant_table('export');
grant select, insert, update, delete on export to shanyraq_web, shanyraq_jobs;
grant select on export to shanyraq_report;

create table export_part (
  school_id uuid not null,
  export_id uuid not null,
  n int not null check (n >= 0),
  sealed bytea not null,
  primary key (school_id, export_id, n),
  foreign key (school_id, export_id) references export (school_id, id) on delete cascade
);
call make_tenant_table('export_part');
grant select, delete on export_part to shanyraq_web;
grant select, insert, delete on export_part to shanyraq_jobs;
grant select on export_part to shanyraq_report;

insert into retention_rule (what, valid_from, keep_months, source, basis) values
  ('export', '2026-09-01', 1, 'ours', '94-V art. 18: a file for another system serves no purpose once it is fetched; a month to see what was asked for');

-- Who of the school another system means by its own id (OneRoster's sourcedId). No reference: who was brought in may be taken back and erased.
create table oneroster_id (
  school_id uuid not null references organisation (id),
  -- What the other system calls itself.
  system text not null,
  sourced_id text not null check (sourced_id <> ''),
  person_id uuid not null,
  primary key (school_id, system, sourced_id)
);
create index oneroster_id_person on oneroster_id (school_id, person_id);
call make_tenant_table('oneroster_id');
grant select, insert, update on oneroster_id to shanyraq_web;
grant select, insert, update, delete on oneroster_id to shanyraq_jobs;
grant select on oneroster_id to shanyraq_report;
