-- What happened at doors and tills. Partitioned by the hub's own clock: the device's may say 1970.

create table event (
  school_id uuid not null,
  device_id uuid not null,
  store text not null,
  seq bigint not null check (seq > 0),
  received_at timestamptz not null,
  committed_at timestamptz not null default clock_timestamp(),
  at timestamptz not null,
  occurred_at timestamptz not null,
  boot bigint not null,
  kind text not null,
  fingerprint bigint not null,
  late boolean not null,
  body jsonb not null,
  primary key (school_id, device_id, store, seq, received_at)
) partition by range (received_at);
create table event_default partition of event default;
call make_tenant_table('event');
grant select, insert on event to shanyraq_engine;
grant select on event to shanyraq_web, shanyraq_jobs, shanyraq_report;

create table card (
  school_id uuid not null references organisation (id),
  id uuid not null,
  code text not null check (code ~ '^[0-9A-Z]{4,32}$'),
  person_id uuid not null references person (id),
  valid_from timestamptz not null,
  valid_to timestamptz check (valid_to >= valid_from),
  primary key (school_id, id)
);
create unique index card_open on card (school_id, code) where valid_to is null;
create index card_code on card (school_id, code);
create index card_person on card (school_id, person_id);
call make_tenant_table('card');
grant select on card to shanyraq_web, shanyraq_engine, shanyraq_jobs, shanyraq_report;
grant insert, update on card to shanyraq_web;

create table pass (
  school_id uuid not null,
  person_id uuid not null,
  occurred_at timestamptz not null,
  device_id uuid not null,
  store text not null,
  seq bigint not null,
  received_at timestamptz not null,
  direction text not null check (direction in ('in', 'out')),
  method text not null check (method in ('card', 'manual')),
  late boolean not null,
  primary key (school_id, person_id, occurred_at, device_id, store, seq, received_at)
) partition by range (received_at);
create table pass_default partition of pass default;
create index pass_stream on pass (school_id, received_at);
call make_tenant_table('pass');
grant select, insert on pass to shanyraq_engine;
grant select on pass to shanyraq_web, shanyraq_jobs, shanyraq_report;

create table meal (
  school_id uuid not null,
  person_id uuid not null,
  occurred_at timestamptz not null,
  device_id uuid not null,
  store text not null,
  seq bigint not null,
  received_at timestamptz not null,
  item text not null,
  price_tiyn bigint not null check (price_tiyn >= 0),
  late boolean not null,
  primary key (school_id, person_id, occurred_at, device_id, store, seq, received_at)
) partition by range (received_at);
create table meal_default partition of meal default;
create index meal_stream on meal (school_id, received_at);
call make_tenant_table('meal');
grant select, insert on meal to shanyraq_engine;
grant select on meal to shanyraq_web, shanyraq_jobs, shanyraq_report;

-- Where a person was last seen to go: the greatest pass by (occurred_at, device_id, store, seq), whatever order passes came in.
create table presence (
  school_id uuid not null references organisation (id),
  person_id uuid not null references person (id),
  direction text not null check (direction in ('in', 'out')),
  since timestamptz not null,
  device_id uuid not null,
  store text not null,
  seq bigint not null,
  primary key (school_id, person_id)
) with (fillfactor = 70);
call make_tenant_table('presence');
grant select, insert, update on presence to shanyraq_engine;
grant select on presence to shanyraq_web, shanyraq_jobs, shanyraq_report;

-- What could not be taken at its word: kept as it came, with the reason.
create table dead_letter (
  school_id uuid not null references organisation (id),
  id uuid not null,
  received_at timestamptz not null,
  reason text not null,
  topic text not null,
  device_id uuid,
  store text,
  seq bigint,
  detail text not null default '',
  payload bytea not null,
  primary key (school_id, id)
);
create index dead_letter_device on dead_letter (school_id, device_id, received_at);
call make_tenant_table('dead_letter');
grant select, insert on dead_letter to shanyraq_engine;
grant select on dead_letter to shanyraq_web, shanyraq_jobs, shanyraq_report;
