-- Cards of staff: what somebody does at the school, learned, was given, and where they worked before. A line is never changed: it ends on
-- its last day, or is struck out with the reason when it was a mistake.
create table staff_line (
  school_id uuid not null references organisation (id),
  id uuid not null,
  person_id uuid not null references person (id),
  kind text not null check (kind in ('post', 'education', 'category', 'award', 'period')),
  -- Position, institution, category, award, employer.
  title text not null check (title <> ''),
  -- Subject, speciality, position there.
  detail text check (detail <> ''),
  -- Kind of work of a post (main, internal or external part-time), degree of an education.
  sort text check (sort <> ''),
  -- Of a post, in hundredths of a full load.
  rate smallint check (rate between 25 and 200),
  -- Of a period: whether it was work with children as a pedagogue.
  is_pedagogical boolean,
  valid_from date not null,
  valid_to date check (valid_to >= valid_from),
  document text check (document <> ''),
  document_date date,
  set_by uuid not null references person (id),
  set_at timestamptz not null,
  struck_by uuid references person (id),
  struck_at timestamptz,
  struck_reason text check (struck_reason <> ''),
  primary key (school_id, id),
  check ((kind = 'post') = (rate is not null)),
  check ((kind = 'period') = (is_pedagogical is not null)),
  check (kind <> 'post' or sort in ('main', 'internal', 'external')),
  check (kind <> 'category' or title in ('pedagogue', 'moderator', 'expert', 'researcher', 'master')),
  check ((struck_at is null) = (struck_reason is null))
);
create index staff_line_person on staff_line (school_id, person_id) where struck_at is null;
call make_tenant_table('staff_line');
grant select, insert, update on staff_line to shanyraq_web;
grant select, delete on staff_line to shanyraq_jobs;
grant select on staff_line to shanyraq_report;

-- The age at which one may retire: dated numbers of the law, for each sex, in months.
create table pension_age (
  sex text not null check (sex in ('m', 'f')),
  valid_from date not null,
  months smallint not null check (months between 600 and 900),
  basis text not null,
  -- Nobody has compared the number with the act's own text yet.
  is_verified boolean not null default false,
  primary key (sex, valid_from)
);
grant select on pension_age to shanyraq_web, shanyraq_report;
insert into pension_age (sex, valid_from, months, basis) values
  ('m', '1998-01-01', 756, '224-VII (20.04.2023) art. 207'),
  ('f', '2018-01-01', 702, '224-VII (20.04.2023) art. 207'),
  ('f', '2019-01-01', 708, '224-VII (20.04.2023) art. 207'),
  ('f', '2020-01-01', 714, '224-VII (20.04.2023) art. 207'),
  ('f', '2021-01-01', 720, '224-VII (20.04.2023) art. 207'),
  ('f', '2022-01-01', 726, '224-VII (20.04.2023) art. 207'),
  ('f', '2023-01-01', 732, '224-VII (20.04.2023) art. 207'),
  ('f', '2028-01-01', 738, '224-VII (20.04.2023) art. 207'),
  ('f', '2029-01-01', 744, '224-VII (20.04.2023) art. 207'),
  ('f', '2030-01-01', 750, '224-VII (20.04.2023) art. 207'),
  ('f', '2031-01-01', 756, '224-VII (20.04.2023) art. 207');
