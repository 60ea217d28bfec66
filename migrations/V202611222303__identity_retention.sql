-- How long what is kept: beside the audit what else is written down now; the night's run; and a chain whose oldest links have left.

-- Whether an act says the number, or we chose it: what is ours is changed by adding a line of a later day.
alter table retention_rule add column source text not null default 'law' check (source in ('law', 'ours'));
alter table retention_rule alter column source drop default;
insert into retention_rule (what, valid_from, keep_months, source, basis) values
  ('session', '2026-09-01', 1, 'ours', '94-V art. 18: a session that is over serves no purpose; a month to see where somebody was signed in'),
  ('half_open', '2026-09-01', 1, 'ours', '94-V art. 18: a sign-in that was never finished serves no purpose'),
  ('invitation', '2026-09-01', 12, 'ours', '94-V art. 18: a code that was used, revoked or is over; a school year to see who was invited'),
  ('push_token', '2026-09-01', 1, 'ours', '94-V art. 18: a phone that was removed is not reached any more'),
  ('device_health', '2026-09-01', 12, 'ours', 'the last state of a device that was retired'),
  ('event', '2026-09-01', 12, 'ours', '94-V art. 18: raw events of terminals; passes and meals made of them stay as the register'),
  ('notice', '2026-09-01', 12, 'ours', '94-V art. 18: what guardians were told, a school year'),
  ('delivery', '2026-09-01', 12, 'ours', '94-V art. 18: attempts to reach phones, as long as the notices'),
  ('dead_letter', '2026-09-01', 6, 'ours', 'what could not be taken at its word, until support has mended it'),
  ('incident', '2026-09-01', 12, 'ours', 'incidents of devices that are closed'),
  ('job', '2026-09-01', 12, 'ours', 'work in the background that is over');

-- What each night removed, over all schools of the installation: numbers only.
create table retention_run (
  id uuid primary key,
  what text not null,
  ran_at timestamptz not null,
  older_than timestamptz not null,
  removed bigint not null check (removed >= 0),
  parts int not null check (parts >= 0)
);
create index retention_run_what on retention_run (what, ran_at desc);
grant select on retention_run to shanyraq_web, shanyraq_report;
grant select, insert on retention_run to shanyraq_jobs;

-- Where a chain begins when its oldest links have left: the last link that left, so that the next can be checked against it.
create table audit_base (
  school_id uuid not null references organisation (id),
  n bigint not null check (n > 0),
  hash bytea not null check (length(hash) = 32),
  before timestamptz not null,
  primary key (school_id)
);
call make_tenant_table('audit_base');
-- Only the owner's function below writes it.
grant select on audit_base to shanyraq_web, shanyraq_jobs, shanyraq_report;

-- The monthly parts that the rule in force lets go: those whose last day is older. Their names tell their month.
create function retention_parts(its_what text) returns table (part regclass, month_end timestamptz, row_count bigint)
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  parents regclass[]; months int;
begin
  parents := case its_what when 'audit' then array['audit', 'audit_chain']::regclass[] when 'event' then array['event']::regclass[]
    when 'notice' then array['notice']::regclass[] when 'delivery' then array['delivery']::regclass[] else '{}' end;
  select keep_months into months from retention_rule where what = its_what and valid_from <= current_date order by valid_from desc limit 1;
  if months is null then
    return;
  end if;
  for part, month_end in
    select c.oid::regclass, (to_date(right(c.relname, 6), 'YYYYMM') + interval '1 month') at time zone 'UTC'
    from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = any(parents) and c.relname ~ '_[0-9]{6}$' order by c.relname
  loop
    continue when month_end > now() - make_interval(months => months);
    execute format('select count(*) from %s', part) into row_count;
    return next;
  end loop;
end $$;
revoke all on function retention_parts(text) from public;
grant execute on function retention_parts(text) to shanyraq_jobs;

-- Drops them. Nobody chooses what: the rule does. Of the audit nothing leaves that is not chained yet, and each chain remembers where it
-- begins from then on.
create function retention_drop_parts(its_what text) returns table (dropped int, removed bigint)
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  old record; seen text := current_setting('shanyraq.schools', true);
begin
  dropped := 0;
  removed := 0;
  -- Whoever commits events must not wait for us: we come again tomorrow.
  perform set_config('lock_timeout', '3s', true);
  -- The base of every school's chain is written.
  perform set_config('shanyraq.schools', (select string_agg(id::text, ',') from organisation), true);
  for old in select * from retention_parts(its_what) loop
    if its_what = 'audit' and exists (select from audit_pending where at < old.month_end) then
      continue;
    end if;
    if old.part::text like 'audit_chain_%' then
      execute format('insert into audit_base (school_id, n, hash, before) select distinct on (school_id) school_id, n, hash, %L from %s order by school_id, n desc
        on conflict (school_id) do update set n = excluded.n, hash = excluded.hash, before = excluded.before where excluded.n > audit_base.n', old.month_end, old.part);
    end if;
    execute format('drop table %s', old.part);
    dropped := dropped + 1;
    removed := removed + old.row_count;
  end loop;
  perform set_config('shanyraq.schools', coalesce(seen, ''), true);
  return next;
end $$;
revoke all on function retention_drop_parts(text) from public;
grant execute on function retention_drop_parts(text) to shanyraq_jobs;

grant select, delete on session, account_half_open, invitation to shanyraq_jobs;
grant delete on push_token, device_health, dead_letter, incident to shanyraq_jobs;
