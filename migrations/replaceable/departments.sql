-- What an authority knows of the schools below it: sums and nothing of anybody. With the owner's rights, because an authority has no school in
-- its scope; so the function looks for itself: only what lies below an organisation that is in the caller's scope, one row for each
-- organisation directly below the one asked for. What was counted is kept for five minutes (`school_tally`). A number of people from one to four is not said (NULL).
create or replace function departments_figures(asked uuid) returns table (
  id uuid, kind text, code text, name_kk text, name_ru text, name_en text, schools bigint,
  pupils bigint, staff bigint, guardians bigint, reached bigint, passes bigint, devices bigint, offline bigint, late bigint
) language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare
  outer_scope text := current_setting('shanyraq.schools', true);
  inside text;
  chosen boolean := false;
begin
  if not exists (
    with recursive above as (
      select o.id, o.parent_id from organisation o where o.id = asked
      union select o.id, o.parent_id from organisation o join above a on o.id = a.parent_id
    ) select from above a where a.id = any (current_schools())) then
    return;
  end if;
  with recursive below as (
    select o.id, o.kind from organisation o where o.parent_id = asked
    union select o.id, o.kind from organisation o join below b on o.parent_id = b.id
  ) select string_agg(b.id::text, ',') into inside from below b where b.kind = 'school';
  perform set_config('shanyraq.schools', coalesce(inside, ''), true);
  -- One of all who look counts; who comes meanwhile reads what was counted a little before, and waits only where nothing was: yesterday's
  -- passes are none of today.
  if exists (select from unnest(current_schools()) as wanted (id) where not exists (
      select from school_tally c where c.school_id = wanted.id and c.counted_at > now() - interval '5 minutes')) then
    if exists (select from unnest(current_schools()) as wanted (id) where not exists (
        select from school_tally c where c.school_id = wanted.id and c.counted_at > now() - interval '15 minutes')) then
      perform pg_advisory_xact_lock(hashtextextended('departments', 0));
      chosen := true;
    else
      chosen := pg_try_advisory_xact_lock(hashtextextended('departments', 0));
    end if;
  end if;
  if chosen then
    insert into school_tally (school_id, counted_at, pupils, staff, guardians, reached, passes, devices, offline, late)
    with school as materialized (
      select o.id, date_trunc('day', now() at time zone o.zone) at time zone o.zone as today
      from organisation o
      where o.id = any (current_schools()) and not exists (select from school_tally c where c.school_id = o.id and c.counted_at > now() - interval '5 minutes')
    )
    select s.id, now(),
      (select count(*) from enrolment e where e.school_id = s.id and e.valid_to is null),
      (select count(distinct g.person_id) from role_grant g where g.school_id = s.id and g.valid_from <= now() and (g.valid_to is null or g.valid_to > now())),
      (select count(distinct k.guardian_id) from kinship k where k.school_id = s.id and k.valid_to is null),
      (select count(distinct k.guardian_id) from kinship k
       where k.school_id = s.id and k.valid_to is null and exists (select from push_token p where p.person_id = k.guardian_id and p.removed_at is null)),
      (select count(*) from pass p where p.school_id = s.id and p.received_at >= s.today),
      (select count(*) from device d where d.school_id = s.id and d.retired_at is null),
      (select count(*) from device d left join device_health h on h.school_id = d.school_id and h.device_id = d.id
       where d.school_id = s.id and d.retired_at is null and coalesce(h.status, 'offline') = 'offline'),
      (select count(*) from notice n where n.school_id = s.id and n.created_at >= s.today and n.late)
    from school s order by s.id
    on conflict (school_id) do update set counted_at = excluded.counted_at, pupils = excluded.pupils, staff = excluded.staff, guardians = excluded.guardians,
      reached = excluded.reached, passes = excluded.passes, devices = excluded.devices, offline = excluded.offline, late = excluded.late;
  end if;
  return query
    with recursive tree as (
      select o.id as child, o.id, o.kind from organisation o where o.parent_id = asked
      union select t.child, o.id, o.kind from organisation o join tree t on o.parent_id = t.id
    ), figure as (
      select t.child, c.pupils, c.staff, c.guardians, c.reached, c.passes, c.devices, c.offline, c.late
      from tree t join school_tally c on c.school_id = t.id where t.kind = 'school'
    ), summed as (
      select f.child, count(*) as schools, sum(f.pupils)::bigint as pupils, sum(f.staff)::bigint as staff, sum(f.guardians)::bigint as guardians,
        sum(f.reached)::bigint as reached, sum(f.passes)::bigint as passes, sum(f.devices)::bigint as devices, sum(f.offline)::bigint as offline,
        sum(f.late)::bigint as late
      from figure f group by f.child
    )
    select o.id, o.kind, o.code, o.name_kk, o.name_ru, o.name_en, coalesce(s.schools, 0),
      case when s.pupils between 1 and 4 then null else coalesce(s.pupils, 0) end,
      case when s.staff between 1 and 4 then null else coalesce(s.staff, 0) end,
      case when s.guardians between 1 and 4 then null else coalesce(s.guardians, 0) end,
      -- Neither few who are reached nor few who are not.
      case when s.reached between 1 and 4 or s.guardians - s.reached between 1 and 4 or s.guardians between 1 and 4 then null else coalesce(s.reached, 0) end,
      case when s.passes between 1 and 4 then null else coalesce(s.passes, 0) end,
      coalesce(s.devices, 0), coalesce(s.offline, 0),
      case when s.late between 1 and 4 then null else coalesce(s.late, 0) end
    from organisation o left join summed s on s.child = o.id
    where o.parent_id = asked and o.kind <> 'supplier';
  perform set_config('shanyraq.schools', coalesce(outer_scope, ''), true);
end $$;
revoke all on function departments_figures(uuid) from public;
grant execute on function departments_figures(uuid) to shanyraq_web;
