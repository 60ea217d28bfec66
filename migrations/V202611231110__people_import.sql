-- Lists that schools bring in: what the file said (sealed: names and numbers of children), what is made of it, and what was made.
-- The file itself is not kept. All of it leaves by a rule of retention, what was read from the file as soon as it is brought in.

create table import (
  school_id uuid not null references organisation (id),
  id uuid not null,
  kind text not null check (kind in ('pupils', 'staff')),
  file_name text not null,
  state text not null check (state in ('read', 'mapped', 'running', 'done', 'undoing', 'undone')),
  -- Name and number of lines of each sheet, and what was noticed while reading.
  sheets jsonb not null,
  sheet int not null check (sheet >= 0),
  -- The line with the headings; nothing for a list without any.
  header int check (header > 0),
  -- Which column is what, and the class of all rows where no column says it.
  columns jsonb not null default '{}',
  counts jsonb not null default '{}',
  -- Classes that were made for it.
  classes uuid[] not null default '{}',
  -- No references: who brought a list in may leave and be erased.
  created_by uuid not null,
  created_at timestamptz not null,
  began_at timestamptz,
  job_id uuid,
  finished_at timestamptz,
  undone_at timestamptz,
  primary key (school_id, id)
);
create index import_recent on import (school_id, created_at desc, id desc);
call make_tenant_table('import');
grant select, insert, update, delete on import to shanyraq_web, shanyraq_jobs;
grant select on import to shanyraq_report;

-- The lines of the file as they were read.
create table import_line (
  school_id uuid not null,
  import_id uuid not null,
  sheet int not null,
  n int not null check (n > 0),
  sealed bytea not null,
  primary key (school_id, import_id, sheet, n),
  foreign key (school_id, import_id) references import (school_id, id) on delete cascade
);
call make_tenant_table('import_line');
grant select, insert, delete on import_line to shanyraq_web, shanyraq_jobs;
grant select on import_line to shanyraq_report;

-- A row of the list: its fields, what is wrong with them, and what is planned and was done.
create table import_row (
  school_id uuid not null,
  import_id uuid not null,
  n int not null check (n > 0),
  verdict text not null check (verdict in ('new', 'changed', 'same', 'wrong', 'skipped')),
  has_warning boolean not null,
  -- Who it is, once that is decided. No reference: what was brought in may be taken back and erased.
  person_id uuid,
  sealed bytea not null,
  outcome text check (outcome in ('brought', 'left', 'undone', 'kept')),
  primary key (school_id, import_id, n),
  foreign key (school_id, import_id) references import (school_id, id) on delete cascade
);
create index import_row_verdict on import_row (school_id, import_id, verdict, n);
create index import_row_person on import_row (school_id, person_id) where person_id is not null;
call make_tenant_table('import_row');
grant select, insert, update, delete on import_row to shanyraq_web, shanyraq_jobs;
grant select on import_row to shanyraq_report;

-- Which heading was which field, by the headings of a list.
create table import_mapping (
  school_id uuid not null references organisation (id),
  kind text not null check (kind in ('pupils', 'staff')),
  fingerprint text not null,
  columns jsonb not null,
  used_at timestamptz not null,
  primary key (school_id, kind, fingerprint)
);
call make_tenant_table('import_mapping');
grant select, insert, update on import_mapping to shanyraq_web;
grant select on import_mapping to shanyraq_report;

insert into retention_rule (what, valid_from, keep_months, source, basis) values
  ('import', '2026-09-01', 1, 'ours', '94-V art. 18: what a list said serves no purpose once it is brought in; a month to see what was not');
