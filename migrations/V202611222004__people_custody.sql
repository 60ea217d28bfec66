-- Limits of a guardian by a court's act or by the family's word: may not see the child's data, may not pick the child up. Kept when over.
create table custody_limit (
  school_id uuid not null references organisation (id),
  id uuid not null,
  pupil_id uuid not null references person (id),
  guardian_id uuid not null references person (id),
  no_data boolean not null,
  no_pickup boolean not null,
  basis text not null check (basis in ('court_act', 'family_word')),
  act_number text check (act_number <> ''),
  act_date date,
  valid_from date not null,
  valid_to date check (valid_to >= valid_from),
  set_by uuid not null references person (id),
  set_at timestamptz not null,
  ended_by uuid references person (id),
  ended_at timestamptz,
  primary key (school_id, id),
  check (no_data or no_pickup),
  check (basis <> 'court_act' or (act_number is not null and act_date is not null))
);
create index custody_limit_kin on custody_limit (school_id, pupil_id, guardian_id) where ended_at is null;
call make_tenant_table('custody_limit');
-- So that a guardian's own kinship is cut before any school is in scope.
create policy own on custody_limit for select using (guardian_id = (select current_person()));
grant select on custody_limit to shanyraq_web, shanyraq_engine, shanyraq_jobs, shanyraq_report;
grant insert, update on custody_limit to shanyraq_web;
call tell_standing('custody_limit', 'person', 'guardian_id');
