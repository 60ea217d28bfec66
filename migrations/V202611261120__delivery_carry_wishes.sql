-- A guardian's wish is theirs and not a school's, but its rows stand at each school of their children, where whoever tells looks for them. So
-- that it holds at a school that comes later, a new kinship carries it there in its own transaction: whoever writes kinships (a form, an import,
-- a transfer, a merge of persons) need not know of it. The newest wish stands for all.
create index notice_hours_guardian on notice_hours (guardian_id);
create index notice_switch_guardian on notice_switch (guardian_id, child_id);

-- Acts as the owner with every school in sight: it copies a person's own wish to the schools where they are a guardian now, and tells nobody.
create function delivery_carry_wishes(guardians uuid[]) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
  seen text := current_setting('shanyraq.schools', true);
begin
  if cardinality(guardians) = 0 then
    return;
  end if;
  perform set_config('shanyraq.schools', (select string_agg(o.id::text, ',') from organisation o), true);
  insert into notice_hours as h (school_id, guardian_id, quiet_from, quiet_to, alarms, digest_at, changed_at)
  select k.school_id, k.guardian_id, w.quiet_from, w.quiet_to, w.alarms, w.digest_at, w.changed_at
  from (
    select distinct on (guardian_id) guardian_id, quiet_from, quiet_to, alarms, digest_at, changed_at
    from notice_hours where guardian_id = any(guardians) order by guardian_id, changed_at desc, school_id
  ) w
  join (select distinct school_id, guardian_id from kinship where guardian_id = any(guardians) and valid_to is null) k on k.guardian_id = w.guardian_id
  order by k.school_id, k.guardian_id
  on conflict (school_id, guardian_id) do update
    set quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to, alarms = excluded.alarms, digest_at = excluded.digest_at, changed_at = excluded.changed_at
    where h.changed_at < excluded.changed_at;
  insert into notice_switch as s (school_id, guardian_id, child_id, kind, push, mail, telegram, changed_at)
  select k.school_id, k.guardian_id, k.pupil_id, w.kind, w.push, w.mail, w.telegram, w.changed_at
  from (
    select distinct on (guardian_id, child_id, kind) guardian_id, child_id, kind, push, mail, telegram, changed_at
    from notice_switch where guardian_id = any(guardians) order by guardian_id, child_id, kind, changed_at desc, school_id
  ) w
  join (select distinct school_id, guardian_id, pupil_id from kinship where guardian_id = any(guardians) and valid_to is null) k
    on k.guardian_id = w.guardian_id and k.pupil_id = w.child_id
  order by k.school_id, k.guardian_id, k.pupil_id, w.kind
  on conflict (school_id, guardian_id, child_id, kind) do update
    set push = excluded.push, mail = excluded.mail, telegram = excluded.telegram, changed_at = excluded.changed_at
    where s.changed_at < excluded.changed_at;
  perform set_config('shanyraq.schools', coalesce(seen, ''), true);
end $$;
revoke all on function delivery_carry_wishes(uuid[]) from public;

-- Runs as the owner too: whoever writes a kinship may not call the function above by itself.
create function delivery_wishes_follow() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform delivery_carry_wishes(array(select distinct guardian_id from linked where valid_to is null));
  return null;
end $$;
revoke all on function delivery_wishes_follow() from public;
create trigger delivery_wishes_follow_new after insert on kinship referencing new table as linked for each statement execute function delivery_wishes_follow();
create trigger delivery_wishes_follow_changed after update on kinship referencing new table as linked for each statement execute function delivery_wishes_follow();

-- What was said before this was there.
do $$
declare
  seen text := current_setting('shanyraq.schools', true);
  guardians uuid[];
begin
  perform set_config('shanyraq.schools', (select string_agg(o.id::text, ',') from organisation o), true);
  guardians := array(select guardian_id from notice_hours union select guardian_id from notice_switch);
  perform set_config('shanyraq.schools', coalesce(seen, ''), true);
  perform delivery_carry_wishes(guardians);
end $$;
