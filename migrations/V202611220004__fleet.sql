-- What stands at the school, how far its journal is durable, and how it is.

create table device (
  school_id uuid not null references organisation (id),
  id uuid not null,
  code text not null unique check (code ~ '^[a-z0-9]{1,20}$'),
  kind text not null check (kind in ('turnstile', 'till', 'kiosk', 'reader', 'server', 'link')),
  name text not null check (name <> ''),
  place text not null default '',
  broker_password_hash text not null,
  registered_at timestamptz not null,
  retired_at timestamptz,
  primary key (school_id, id)
);
call make_tenant_table('device');
grant select on device to shanyraq_web, shanyraq_engine, shanyraq_jobs, shanyraq_report;
grant insert, update on device to shanyraq_web;

-- One row a journal of a device. `ahead` holds the durable stretches above the first gap as pairs [a1,b1,a2,b2,…].
-- Its row lock is where "exactly once" is decided; no page locks it.
create table device_cursor (
  school_id uuid not null,
  device_id uuid not null,
  store text not null,
  upto bigint not null default 0 check (upto >= 0),
  ahead bigint[] not null default '{}' check (array_length(ahead, 1) is null or array_length(ahead, 1) % 2 = 0),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (school_id, device_id, store),
  foreign key (school_id, device_id) references device (school_id, id)
) with (fillfactor = 50);
call make_tenant_table('device_cursor');
grant select, insert, update on device_cursor to shanyraq_engine;
grant select on device_cursor to shanyraq_web, shanyraq_jobs, shanyraq_report;

-- The newest known of each device: written by the engine a few times a minute, never in an event's transaction.
create table device_health (
  school_id uuid not null,
  device_id uuid not null,
  status text not null check (status in ('online', 'offline')),
  status_since timestamptz not null,
  seen_at timestamptz not null,
  last_event_at timestamptz,
  latency_ms bigint,
  clock_offset_ms bigint,
  queue bigint,
  reader_errors bigint,
  temperature_c double precision,
  disk_free_percent double precision,
  link_percent double precision,
  rx_bytes bigint,
  tx_bytes bigint,
  firmware text,
  store text,
  primary key (school_id, device_id),
  foreign key (school_id, device_id) references device (school_id, id)
) with (fillfactor = 50);
call make_tenant_table('device_health');
grant select, insert, update on device_health to shanyraq_engine;
grant select on device_health to shanyraq_web, shanyraq_jobs, shanyraq_report;

create table incident (
  school_id uuid not null references organisation (id),
  id uuid not null,
  kind text not null,
  key text not null,
  device_id uuid,
  opened_at timestamptz not null,
  last_at timestamptz not null,
  count bigint not null default 1,
  detail jsonb not null default '{}',
  closed_at timestamptz,
  primary key (school_id, id)
);
create unique index incident_open on incident (school_id, kind, key) where closed_at is null;
call make_tenant_table('incident');
grant select, insert, update on incident to shanyraq_engine, shanyraq_web, shanyraq_jobs;
