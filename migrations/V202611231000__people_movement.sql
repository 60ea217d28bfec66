-- The book of movement: why a pupil is where they are, and the orders behind it. Who is where stands in enrolment, and nowhere else.

-- An order of the school. Numbers have no gaps within a kind and a year: an order that was cancelled keeps its number.
create table school_order (
  school_id uuid not null references organisation (id),
  id uuid not null,
  kind text not null check (kind in ('admission', 'departure', 'class_change', 'rollover')),
  year smallint not null check (year between 1990 and 2100),
  number int not null check (number > 0),
  dated date not null,
  made_at timestamptz not null,
  made_by uuid,
  cancelled_at timestamptz,
  cancelled_by uuid,
  primary key (school_id, id),
  unique (school_id, kind, year, number)
);
call make_tenant_table('school_order');
grant select, insert, update (cancelled_at, cancelled_by) on school_order to shanyraq_web;
grant select on school_order to shanyraq_jobs, shanyraq_report;

-- The last number of each kind and year: the row is locked until the order is durable.
create table order_number (
  school_id uuid not null references organisation (id),
  kind text not null,
  year smallint not null,
  last int not null check (last > 0),
  primary key (school_id, kind, year)
);
call make_tenant_table('order_number');
grant select, insert, update on order_number to shanyraq_web;

-- One line of the book. Never deleted but with its pupil: what was taken back stays, with who took it back.
create table movement (
  school_id uuid not null references organisation (id),
  id uuid not null,
  pupil_id uuid not null references person (id),
  kind text not null check (kind in ('arrival', 'departure', 'class_change', 'promotion', 'repeat', 'return')),
  on_date date not null,
  -- No references: a class that a taken-back rollover made is gone, its lines stay.
  from_class uuid,
  to_class uuid,
  reason text check (reason <> ''),
  place text check (place <> ''),
  other_school uuid references organisation (id),
  order_id uuid,
  rollover_id uuid,
  made_at timestamptz not null,
  made_by uuid,
  undone_at timestamptz,
  undone_by uuid,
  primary key (school_id, id),
  foreign key (school_id, order_id) references school_order (school_id, id),
  check ((kind = 'departure') = (to_class is null)),
  check ((kind in ('arrival', 'return')) = (from_class is null))
);
create index movement_pupil on movement (school_id, pupil_id, made_at);
create index movement_day on movement (school_id, on_date, id);
create index movement_order on movement (school_id, order_id) where order_id is not null;
create index movement_rollover on movement (school_id, rollover_id) where rollover_id is not null;
call make_tenant_table('movement');
grant select, insert, update (undone_at, undone_by) on movement to shanyraq_web;
grant select, delete on movement to shanyraq_jobs;
grant select on movement to shanyraq_report;

-- An arrival that is taken back leaves no time at the school behind.
grant delete on enrolment to shanyraq_web;

-- Which departure ended a kinship or a belonging: taken back, exactly these begin again.
alter table kinship add column movement_id uuid;
alter table school_person add column movement_id uuid;
create index kinship_movement on kinship (school_id, movement_id) where movement_id is not null;
create index school_person_movement on school_person (school_id, movement_id) where movement_id is not null;

-- Who belongs to the school no longer opens its doors from the moment that it is written down; taken back, the same cards open again.
alter table card add column left_at timestamptz;
create function card_follows_belonging() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if new.valid_to is not null and old.valid_to is null then
    update card c set valid_to = greatest(now(), c.valid_from), left_at = now()
    where c.school_id = new.school_id and c.person_id = new.person_id and c.valid_to is null
      and not exists (select from school_person m where m.school_id = c.school_id and m.person_id = c.person_id and m.valid_to is null);
  elsif new.valid_to is null and old.valid_to is not null then
    update card c set valid_to = null, left_at = null
    where c.school_id = new.school_id and c.person_id = new.person_id and c.left_at is not null
      and not exists (select from card o where o.school_id = c.school_id and o.code = c.code and o.valid_to is null);
  end if;
  return null;
end $$;
create trigger card_follows_belonging after update of valid_to on school_person
  for each row when (old.valid_to is distinct from new.valid_to) execute function card_follows_belonging();
