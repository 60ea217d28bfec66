-- From which day on a school tells that a pupil has not arrived: when a shift begins and after how many minutes it is told. Nothing in
-- `starts_minute`: from that day on it is off. A shift without a row is off.
create table arrival_rule (
  school_id uuid not null references organisation (id),
  shift smallint not null check (shift between 1 and 3),
  valid_from date not null,
  -- Minutes after midnight, by the school's clocks.
  starts_minute smallint check (starts_minute between 300 and 1200),
  tell_after smallint check (tell_after between 5 and 180),
  set_by uuid references person (id),
  set_at timestamptz not null,
  primary key (school_id, shift, valid_from),
  check ((starts_minute is null) = (tell_after is null))
);
call make_tenant_table('arrival_rule');
grant select, insert, update on arrival_rule to shanyraq_web;
-- Jobs also let go of who set it, when they are erased.
grant select, update on arrival_rule to shanyraq_jobs;

-- That a morning was looked at, and what was found: once a day and shift, whoever looks.
create table arrival_check (
  school_id uuid not null references organisation (id),
  day date not null,
  shift smallint not null check (shift between 1 and 3),
  -- `open` while it is being looked at; never after a commit.
  outcome text not null check (outcome in ('open', 'told', 'silent', 'no_lessons')),
  expected int not null default 0,
  entered int not null default 0,
  missing int not null default 0,
  checked_at timestamptz not null,
  primary key (school_id, day, shift)
);
call make_tenant_table('arrival_check');
grant select on arrival_check to shanyraq_web;
grant select, insert, update, delete on arrival_check to shanyraq_jobs;

-- Who had not come when it was looked. Never changed: that somebody came after all, or was excused, is read from passes and notes.
create table missing_arrival (
  school_id uuid not null references organisation (id),
  day date not null,
  pupil_id uuid not null references person (id),
  shift smallint not null check (shift between 1 and 3),
  -- When it was to be told.
  due_at timestamptz not null,
  told_at timestamptz not null,
  primary key (school_id, day, pupil_id)
);
create index missing_arrival_pupil on missing_arrival (school_id, pupil_id);
call make_tenant_table('missing_arrival');
grant select on missing_arrival to shanyraq_web;
grant select, insert, delete on missing_arrival to shanyraq_jobs;

insert into retention_rule (what, valid_from, keep_months, source, basis) values
  ('missing_arrival', '2026-09-01', 12, 'ours', '94-V art. 18: who did not come serves the school year; the register keeps what it needs'),
  ('arrival_check', '2026-09-01', 12, 'ours', 'numbers of mornings, without people, to know what is usual');
