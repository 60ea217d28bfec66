-- The card file: what a school writes down of a person beside the name, and what it was before. The newest value of a field is open; a
-- former one stays with its days, with who ended it, and whether life changed it or a mistake was corrected. Of names, dates of birth and
-- the language the open value stands in `person` too, since persons are one for all schools.
create table person_value (
  school_id uuid not null references organisation (id),
  id uuid not null,
  person_id uuid not null references person (id),
  field text not null check (field in ('surname', 'given_name', 'patronymic', 'birth_date', 'sex', 'locale', 'citizenship', 'home_language', 'address', 'phone', 'email')),
  value text check (value <> ''),
  -- From this day on; nothing where it held before anybody wrote it down.
  valid_from date,
  -- The first day of the next value.
  valid_to date check (valid_to >= valid_from),
  set_by uuid references person (id),
  set_at timestamptz,
  ended_how text check (ended_how in ('changed', 'corrected')),
  reason text check (reason <> ''),
  ended_by uuid references person (id),
  ended_at timestamptz,
  primary key (school_id, id),
  check ((ended_at is null) = (ended_how is null)),
  check (ended_how <> 'corrected' or reason is not null)
);
create unique index person_value_open on person_value (school_id, person_id, field) where ended_at is null;
create index person_value_person on person_value (school_id, person_id, ended_at);
-- A family is found by its phone.
create index person_value_phone on person_value (school_id, value) where field = 'phone' and ended_at is null;
call make_tenant_table('person_value');
grant select, insert, update on person_value to shanyraq_web;
grant select, delete on person_value to shanyraq_jobs;
grant select on person_value to shanyraq_report;

-- Whoever is made nobody has no sex either.
grant update (sex) on person to shanyraq_jobs;
