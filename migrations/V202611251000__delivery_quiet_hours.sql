-- When a guardian wants quiet, and when the daily digest comes. Minutes after midnight in the school's zone, because a wish is of a clock
-- on a wall and not of a moment. No row: a push comes whenever there is one.
create table notice_hours (
  school_id uuid not null references organisation (id),
  guardian_id uuid not null references person (id),
  quiet_from int check (quiet_from between 0 and 1439),
  quiet_to int check (quiet_to between 0 and 1439),
  alarms text not null default 'pass' check (alarms in ('pass', 'wait')),
  digest_at int check (digest_at between 0 and 1439),
  changed_at timestamptz not null,
  primary key (school_id, guardian_id),
  check ((quiet_from is null) = (quiet_to is null)),
  check (quiet_from <> quiet_to)
);
call make_tenant_table('notice_hours');
grant select on notice_hours to shanyraq_engine, shanyraq_jobs;
grant select, insert, update on notice_hours to shanyraq_web;
grant delete on notice_hours to shanyraq_jobs;

-- A delivery goes out by a lane (0 what happens now, 1 the rest, 2 what is told to many), and may be held back until a moment. When that has
-- come, those of one phone are gathered: one goes out and says how many it stands for (`gathers`), the others end as `collapsed`.
-- A version before this one inserts what happens at doors and tills: lane 0 is theirs. The checks hold for every new row; the old rows, a year
-- of them, are not read for them.
alter table delivery
  add column lane int not null default 0,
  add column held_until timestamptz,
  add column gathers int;
alter table delivery add constraint delivery_lane_check check (lane between 0 and 2) not valid;
alter table delivery add constraint delivery_gathers_check check (gathers >= 1) not valid;
alter table delivery drop constraint delivery_outcome_check;
alter table delivery add constraint delivery_outcome_check
  check (outcome in ('sent', 'switched_off', 'no_phone', 'late', 'expired', 'unregistered', 'refused', 'no_consent', 'quiet', 'collapsed')) not valid;
-- In the place of `delivery_open`: what is due is asked for lane by lane. It serves the version before as well, whose question it answers a
-- little slower. Open rows are few, the index is as small as the old one.
create index delivery_due on delivery (lane, lease_until) where outcome is null;
drop index delivery_open;
create index delivery_held on delivery (lease_until, token_id) where outcome is null and held_until is not null and gathers is null;
