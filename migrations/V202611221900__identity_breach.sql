-- Incidents with personal data: what happened, whom it concerns, and when the authorised body was told (order №481/НҚ of 09.08.2024: within one work day).

-- Days off beside Saturday and Sunday. Reference data, the same for all; a year's government decree may add days.
-- Only days that the law fixes stand here: a day that is missing makes a clock of work days stricter, never slacker.
create table day_off (
  day date primary key,
  basis text not null check (basis <> '')
);
grant select on day_off to shanyraq_web, shanyraq_jobs, shanyraq_report;
insert into day_off (day, basis)
select make_date(y, m, d), 'Z010000267_: law on holidays, №267-II of 13.12.2001'
from generate_series(2026, 2030) y
cross join (values (1, 1), (1, 2), (3, 8), (3, 21), (3, 22), (3, 23), (5, 1), (5, 7), (5, 9), (7, 6), (10, 25), (12, 16)) fixed (m, d)
union all
select make_date(y, 1, 7), 'K1500000414: labour code, article 84' from generate_series(2026, 2030) y;

create table breach (
  school_id uuid not null references organisation (id),
  id uuid not null,
  -- Without gaps within a school.
  number int not null check (number > 0),
  detected_at timestamptz not null,
  -- By when the authorised body has to know.
  due_at timestamptz not null check (due_at > detected_at),
  happened text not null check (happened <> ''),
  -- The responsible person and how to reach them: the law asks for it in the report.
  contact text not null check (contact <> ''),
  registered_by uuid not null references person (id),
  registered_at timestamptz not null,
  reported_at timestamptz check (reported_at >= detected_at),
  -- Number and date of the letter, as the school's office keeps it.
  reported_as text check (reported_as <> ''),
  closed_at timestamptz,
  primary key (school_id, id),
  unique (school_id, number),
  check ((reported_at is null) = (reported_as is null))
);
create index breach_unreported on breach (due_at) where reported_at is null and closed_at is null;
call make_tenant_table('breach');
grant select, insert on breach to shanyraq_web;
grant update (reported_at, reported_as, closed_at) on breach to shanyraq_web;
grant select on breach to shanyraq_jobs, shanyraq_report;

-- What was found out and done about it, in order. Append-only: what was thought at the time stays.
create table breach_step (
  school_id uuid not null,
  breach_id uuid not null,
  at timestamptz not null,
  id uuid not null,
  person_id uuid not null references person (id),
  kind text not null check (kind in ('finding', 'measure', 'people_added', 'people_removed', 'reported', 'people_told', 'closed', 'reopened')),
  -- What was written, or how many people.
  note text not null default '',
  people int not null default 0 check (people >= 0),
  primary key (school_id, breach_id, at, id),
  foreign key (school_id, breach_id) references breach (school_id, id)
);
call make_tenant_table('breach_step');
grant select, insert on breach_step to shanyraq_web;

-- Whose data it was.
create table breach_person (
  school_id uuid not null,
  breach_id uuid not null,
  person_id uuid not null references person (id),
  added_at timestamptz not null,
  told_at timestamptz,
  primary key (school_id, breach_id, person_id),
  foreign key (school_id, breach_id) references breach (school_id, id)
);
create index breach_person_person on breach_person (person_id);
call make_tenant_table('breach_person');
grant select, insert, delete, update (told_at) on breach_person to shanyraq_web;
