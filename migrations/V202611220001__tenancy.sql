-- Who owns a row, and who may see it.
-- Every tenant table carries school_id first in its primary key and forces row-level security. The scope is set by the first
-- statement of every transaction: shanyraq.schools (ids, comma-separated) and shanyraq.person (the signed-in person).

create function current_schools() returns uuid[] language sql stable parallel safe
  return coalesce(string_to_array(nullif(current_setting('shanyraq.schools', true), ''), ',')::uuid[], '{}'::uuid[]);

create function current_person() returns uuid language sql stable parallel safe
  return nullif(current_setting('shanyraq.person', true), '')::uuid;

-- Gives a tenant table its policies: the same rows in sight, said in two ways.
-- Pages ask for one school or a few: the sub-select makes the scope an init plan, and the array a condition of the index.
-- Commits and jobs look up rows of a hundred schools at once by their whole key: there the array would make every look-up search
-- the index once for each school in scope, so for them the scope is a hashed set that a row found by its key is checked against.
create procedure make_tenant_table(t regclass) language plpgsql as $$
begin
  execute format('alter table %s enable row level security', t);
  execute format('alter table %s force row level security', t);
  execute format('create policy tenant on %s to current_user, shanyraq_web, shanyraq_report
                  using (school_id = any((select current_schools())::uuid[]))
                  with check (school_id = any((select current_schools())::uuid[]))', t);
  execute format('create policy tenant_in_batch on %s to shanyraq_engine, shanyraq_jobs
                  using (school_id in (select unnest(current_schools())))
                  with check (school_id in (select unnest(current_schools())))', t);
end $$;

-- A big table's parts: one a month by the hub's own clock, made ahead; the default part catches what no month holds.
create function ensure_partitions(months_ahead int default 3) returns int language plpgsql security definer
  set search_path = public, pg_temp as $$
declare
  parent regclass; month date; part text; made int := 0;
begin
  perform pg_advisory_xact_lock(hashtext('shanyraq.partitions'));
  for parent in select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where c.relkind = 'p' and n.nspname = 'public' order by c.relname loop
    for month in select generate_series(date_trunc('month', now()), date_trunc('month', now()) + make_interval(months => months_ahead), '1 month')::date loop
      part := parent::text || '_' || to_char(month, 'YYYYMM');
      if to_regclass(part) is null then
        begin
          execute format('create table %I partition of %s for values from (%L) to (%L)', part, parent,
            month::timestamp at time zone 'UTC', (month + interval '1 month')::timestamp at time zone 'UTC');
          made := made + 1;
        exception when check_violation then
          -- The default part holds rows of that month already: they are found all the same, and must be moved by hand.
          raise warning 'rows of % stand in the default part of %', to_char(month, 'YYYY-MM'), parent;
        end;
      end if;
    end loop;
  end loop;
  return made;
end $$;
revoke all on function ensure_partitions(int) from public;
grant execute on function ensure_partitions(int) to shanyraq_engine, shanyraq_jobs;
revoke all on procedure make_tenant_table(regclass) from public;

-- Organisations are global: their names are no secret and every room needs them.
create table organisation (
  id uuid primary key,
  parent_id uuid references organisation (id),
  kind text not null check (kind in ('school', 'district', 'region', 'ministry', 'supplier')),
  code text not null unique check (code ~ '^[a-z0-9]{1,20}$'),
  name_kk text not null,
  name_ru text not null,
  name_en text not null,
  zone text not null default 'Asia/Almaty',
  shard smallint not null check (shard between 0 and 63),
  created_at timestamptz not null default now()
);
create index organisation_parent on organisation (parent_id);
grant select on organisation to shanyraq_web, shanyraq_engine, shanyraq_jobs, shanyraq_report;
grant insert, update on organisation to shanyraq_web;

-- The supplier of the service: the tenant of what belongs to no school (letters of unknown devices, support staff).
insert into organisation (id, kind, code, name_kk, name_ru, name_en, shard)
values ('00000000-0000-7000-8000-000000000001', 'supplier', 'supplier', 'Қызмет жеткізуші', 'Поставщик услуги', 'Service supplier', 0);
