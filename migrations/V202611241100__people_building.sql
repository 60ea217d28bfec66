-- The buildings of a school. A change adds the next version; nothing is ever overwritten or deleted.
create table building (
  school_id uuid not null references organisation (id),
  id uuid not null,
  version int not null check (version > 0),
  name_kk text not null check (name_kk <> ''),
  name_ru text not null check (name_ru <> ''),
  kind text not null check (kind in ('main', 'primary', 'study', 'hostel', 'gym', 'canteen', 'workshop', 'other')),
  -- The town or village, as papers name it.
  place_kk text check (place_kk <> ''),
  place_ru text check (place_ru <> ''),
  address text check (address <> ''),
  year_built smallint check (year_built between 1800 and 2100),
  floors smallint check (floors between 1 and 50),
  -- Places for pupils in one shift.
  capacity int check (capacity between 1 and 10000),
  shifts smallint check (shifts between 1 and 3),
  -- The order of showing.
  sort smallint not null check (sort between 1 and 99),
  valid_from date not null,
  valid_to date check (valid_to >= valid_from),
  set_at timestamptz not null,
  set_by uuid,
  primary key (school_id, id, version)
);
call make_tenant_table('building');
grant select, insert on building to shanyraq_web;
grant select on building to shanyraq_jobs, shanyraq_report;
