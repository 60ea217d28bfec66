-- A school goes into the next year: once a year, with one order, and back within a day.
create table rollover (
  school_id uuid not null references organisation (id),
  id uuid not null,
  -- The year that ends.
  year smallint not null check (year between 1990 and 2100),
  on_date date not null,
  order_id uuid not null,
  -- Classes that it closed, and those that it made.
  closed_classes uuid[] not null,
  made_classes uuid[] not null,
  made_at timestamptz not null,
  made_by uuid,
  undone_at timestamptz,
  undone_by uuid,
  primary key (school_id, id),
  foreign key (school_id, order_id) references school_order (school_id, id)
);
create unique index rollover_year on rollover (school_id, year) where undone_at is null;
call make_tenant_table('rollover');
grant select, insert, update (undone_at, undone_by) on rollover to shanyraq_web;
grant select on rollover to shanyraq_jobs, shanyraq_report;
