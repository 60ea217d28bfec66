-- What a guardian says beforehand, or the office writes down at the telephone: from when to when a child will not come, and why. A note is
-- never changed: it is taken back, and another is written.
create table absence_note (
  school_id uuid not null references organisation (id),
  id uuid not null,
  child_id uuid not null references person (id),
  from_day date not null,
  to_day date not null,
  reason text not null check (reason in ('ill', 'family', 'competition', 'other')),
  words text check (words <> ''),
  -- On the guardian's own page, or at the telephone.
  way text not null check (way in ('page', 'telephone')),
  said_by uuid not null references person (id),
  said_at timestamptz not null,
  withdrawn_by uuid references person (id),
  withdrawn_at timestamptz,
  primary key (school_id, id),
  check (from_day <= to_day),
  check ((withdrawn_by is null) = (withdrawn_at is null))
);
create index absence_note_child on absence_note (school_id, child_id, to_day);
create index absence_note_days on absence_note (school_id, to_day, from_day) where withdrawn_at is null;
create index absence_note_said_by on absence_note (school_id, said_by);
call make_tenant_table('absence_note');
grant select, insert, update on absence_note to shanyraq_web;
grant select, delete on absence_note to shanyraq_jobs;

insert into retention_rule (what, valid_from, keep_months, source, basis) values
  ('absence_note', '2026-09-01', 12, 'ours', '94-V art. 18: why a child stayed away serves the year in which the teacher closes the register');
