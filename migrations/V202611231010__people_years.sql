-- The school year: what is national as dated reference data with its act, and what a school changed for itself.

create table school_year_span (
  year smallint not null check (year between 1990 and 2100),
  kind text not null check (kind in ('year', 'autumn_break', 'winter_break', 'spring_break', 'grade1_break', 'attestation_9', 'attestation_11')),
  starts date not null,
  ends date not null check (ends >= starts),
  basis text not null check (basis <> ''),
  primary key (year, kind)
);
grant select on school_year_span to shanyraq_web, shanyraq_jobs, shanyraq_report;
insert into school_year_span (year, kind, starts, ends, basis) values
  (2025, 'year', '2025-09-01', '2026-05-25', 'order of the minister of 05.08.2025'),
  (2025, 'autumn_break', '2025-10-27', '2025-11-02', 'order of the minister of 05.08.2025'),
  (2025, 'winter_break', '2025-12-29', '2026-01-07', 'order of the minister of 05.08.2025'),
  (2025, 'grade1_break', '2026-02-09', '2026-02-15', 'order of the minister of 05.08.2025'),
  (2025, 'spring_break', '2026-03-19', '2026-03-29', 'order of the minister of 05.08.2025'),
  (2026, 'year', '2026-09-01', '2027-05-25', 'G26HP000213: order №213-НҚ of 29.07.2026'),
  (2026, 'autumn_break', '2026-10-26', '2026-11-01', 'G26HP000213: order №213-НҚ of 29.07.2026'),
  (2026, 'winter_break', '2026-12-28', '2027-01-10', 'G26HP000213: order №213-НҚ of 29.07.2026'),
  (2026, 'grade1_break', '2027-02-08', '2027-02-14', 'G26HP000213: order №213-НҚ of 29.07.2026'),
  (2026, 'spring_break', '2027-03-22', '2027-03-28', 'G26HP000213: order №213-НҚ of 29.07.2026'),
  (2026, 'attestation_9', '2027-05-31', '2027-06-11', 'G26HP000213: order №213-НҚ of 29.07.2026'),
  (2026, 'attestation_11', '2027-06-01', '2027-06-17', 'G26HP000213: order №213-НҚ of 29.07.2026');

-- What holds where a school says nothing else.
create table schooling_norm (
  what text not null check (what in ('last_grade', 'week_days')),
  valid_from date not null,
  value smallint not null,
  basis text not null check (basis <> ''),
  primary key (what, valid_from)
);
grant select on schooling_norm to shanyraq_web, shanyraq_jobs, shanyraq_report;
insert into schooling_norm (what, valid_from, value, basis) values
  ('last_grade', '2007-08-15', 11, 'Z070000319_: law on education, №319-III of 27.07.2007'),
  ('week_days', '2007-08-15', 5, 'a school says by itself when it works six days');

-- What a school says of itself: the last grade where it tries out twelve, and how many days a week it works.
create table school_norm (
  school_id uuid not null references organisation (id),
  last_grade smallint not null check (last_grade between 4 and 12),
  week_days smallint not null check (week_days in (5, 6)),
  set_at timestamptz not null,
  set_by uuid,
  primary key (school_id)
);
call make_tenant_table('school_norm');
grant select, insert, update on school_norm to shanyraq_web;
grant select on school_norm to shanyraq_jobs, shanyraq_report;

-- A day on which a school does otherwise than the country: no lessons, or lessons after all.
create table school_day (
  school_id uuid not null references organisation (id),
  id uuid not null,
  day date not null,
  kind text not null check (kind in ('off', 'on')),
  reason text not null check (reason <> ''),
  set_at timestamptz not null,
  set_by uuid,
  removed_at timestamptz,
  removed_by uuid,
  primary key (school_id, id)
);
create unique index school_day_open on school_day (school_id, day) where removed_at is null;
call make_tenant_table('school_day');
grant select, insert, update (removed_at, removed_by) on school_day to shanyraq_web;
grant select on school_day to shanyraq_jobs, shanyraq_report;
