-- Persons are global; a school sees them through school_person for the time they belong to it.

create table person (
  id uuid primary key,
  surname text not null check (surname <> ''),
  given_name text not null check (given_name <> ''),
  patronymic text check (patronymic <> ''),
  birth_date date,
  locale text not null default 'kk' check (locale in ('kk', 'ru', 'en')),
  created_at timestamptz not null default now()
);

create table school_person (
  school_id uuid not null references organisation (id),
  person_id uuid not null references person (id),
  valid_from date not null,
  valid_to date check (valid_to >= valid_from),
  primary key (school_id, person_id, valid_from)
);
create index school_person_person on school_person (person_id);
call make_tenant_table('school_person');
grant select on school_person to shanyraq_web, shanyraq_engine, shanyraq_jobs, shanyraq_report;
grant insert, update on school_person to shanyraq_web;

alter table person enable row level security;
alter table person force row level security;
-- school_person has its own policy: what is found there is in scope.
create policy seen_by_school on person for select using (
  id = (select current_person()) or exists (select from school_person sp where sp.person_id = id));
create policy written_by_school on person for update using (exists (select from school_person sp where sp.person_id = id));
create policy created on person for insert with check (true);
grant select on person to shanyraq_web, shanyraq_engine, shanyraq_jobs, shanyraq_report;
grant insert, update on person to shanyraq_web;

create table school_class (
  school_id uuid not null references organisation (id),
  id uuid not null,
  grade smallint not null check (grade between 0 and 12),
  letter text not null check (letter <> ''),
  language text not null check (language in ('kk', 'ru', 'ug', 'uz', 'tg')),
  shift smallint not null default 1 check (shift between 1 and 3),
  valid_from date not null,
  valid_to date check (valid_to >= valid_from),
  primary key (school_id, id)
);
create unique index school_class_name on school_class (school_id, grade, letter) where valid_to is null;
call make_tenant_table('school_class');
grant select on school_class to shanyraq_web, shanyraq_engine, shanyraq_jobs, shanyraq_report;
grant insert, update on school_class to shanyraq_web;

create table enrolment (
  school_id uuid not null,
  pupil_id uuid not null references person (id),
  class_id uuid not null,
  valid_from date not null,
  valid_to date check (valid_to >= valid_from),
  primary key (school_id, pupil_id, valid_from),
  foreign key (school_id, class_id) references school_class (school_id, id)
);
create unique index enrolment_open on enrolment (school_id, pupil_id) where valid_to is null;
create index enrolment_class on enrolment (school_id, class_id) where valid_to is null;
call make_tenant_table('enrolment');
grant select on enrolment to shanyraq_web, shanyraq_engine, shanyraq_jobs, shanyraq_report;
grant insert, update on enrolment to shanyraq_web;

create table kinship (
  school_id uuid not null references organisation (id),
  pupil_id uuid not null references person (id),
  guardian_id uuid not null references person (id),
  kind text not null check (kind in ('mother', 'father', 'grandparent', 'legal_representative', 'other')),
  valid_from date not null,
  valid_to date check (valid_to >= valid_from),
  primary key (school_id, pupil_id, guardian_id, valid_from)
);
create unique index kinship_open on kinship (school_id, pupil_id, guardian_id) where valid_to is null;
create index kinship_guardian on kinship (guardian_id) where valid_to is null;
call make_tenant_table('kinship');
-- A guardian finds their own children before any school is in scope.
create policy own on kinship for select using (guardian_id = (select current_person()));
grant select on kinship to shanyraq_web, shanyraq_engine, shanyraq_jobs, shanyraq_report;
grant insert, update on kinship to shanyraq_web;
