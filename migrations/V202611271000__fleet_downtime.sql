-- The stops of each device, raw: from when it last said anything until it spoke again. What of a stop counts is reckoned from this, from the
-- stops of the service itself and from planned maintenance, whenever somebody asks: the same rows give the same figures.
create table downtime (
  school_id uuid not null,
  device_id uuid not null,
  began_at timestamptz not null,
  ended_at timestamptz check (ended_at >= began_at),
  recorded_at timestamptz not null,
  -- The highest rung of the ladder that was told, in hours of the stop that count.
  told_hours smallint not null default 0 check (told_hours in (0, 12, 24, 36, 47)),
  -- When somebody last took it in hand; who, the audit says.
  taken_at timestamptz,
  primary key (school_id, device_id, began_at),
  foreign key (school_id, device_id) references device (school_id, id)
);
create unique index downtime_open on downtime (school_id, device_id) where ended_at is null;
create index downtime_ended on downtime (school_id, ended_at);
call make_tenant_table('downtime');
grant select, insert on downtime to shanyraq_engine;
grant update (ended_at) on downtime to shanyraq_engine;
grant select on downtime to shanyraq_web, shanyraq_report;
grant update (taken_at) on downtime to shanyraq_web;
grant select, insert, update, delete on downtime to shanyraq_jobs;
-- The watch locks the state of a device while it opens a stop, so that a return is never missed. It writes nothing there.
grant update (status) on device_health to shanyraq_jobs;

-- Planned work: told before it begins, and apart from what counts. Without a device it is the whole school's.
create table maintenance (
  school_id uuid not null references organisation (id),
  id uuid not null,
  device_id uuid,
  from_at timestamptz not null,
  to_at timestamptz not null,
  reason text not null check (reason <> ''),
  planned_at timestamptz not null,
  called_off_at timestamptz,
  primary key (school_id, id),
  foreign key (school_id, device_id) references device (school_id, id),
  check (from_at < to_at and to_at <= from_at + interval '24 hours'),
  -- Nobody plans what has begun: a stop is not explained away afterwards.
  check (planned_at <= from_at)
);
create index maintenance_when on maintenance (school_id, to_at);
call make_tenant_table('maintenance');
grant select, insert on maintenance to shanyraq_web;
grant update (called_off_at) on maintenance to shanyraq_web;
grant select, update, delete on maintenance to shanyraq_jobs;
grant select on maintenance to shanyraq_report;

-- When each device first spoke: from then on it is in service, and in every act of its time.
create table device_service (
  school_id uuid not null,
  device_id uuid not null,
  from_at timestamptz not null,
  primary key (school_id, device_id),
  foreign key (school_id, device_id) references device (school_id, id)
);
call make_tenant_table('device_service');
grant select, insert on device_service to shanyraq_engine;
grant select on device_service to shanyraq_web, shanyraq_jobs, shanyraq_report;
insert into device_service (school_id, device_id, from_at)
select h.school_id, h.device_id, least(d.registered_at, h.seen_at) from device_health h join device d on d.school_id = h.school_id and d.id = h.device_id;

-- When the service itself last listened to devices, and since when without a break; one row.
create table service_beat (
  one boolean primary key default true check (one),
  since timestamptz not null,
  at timestamptz not null
);
grant select, insert, update on service_beat to shanyraq_engine;
grant select on service_beat to shanyraq_web, shanyraq_jobs, shanyraq_report;

-- The stops of the service itself: no device could be heard then.
create table service_outage (
  began_at timestamptz primary key,
  ended_at timestamptz not null check (ended_at > began_at)
);
grant select, insert on service_outage to shanyraq_engine;
grant select on service_outage to shanyraq_web, shanyraq_jobs, shanyraq_report;

insert into retention_rule (what, valid_from, keep_months, source, basis) values
  ('downtime', '2026-09-01', 60, 'ours', 'the acts of a contract rest on it; without people'),
  ('maintenance', '2026-09-01', 60, 'ours', 'the acts of a contract rest on it');
