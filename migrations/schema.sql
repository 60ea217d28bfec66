-- The schema after every migration and every replaceable file, as pg_dump tells it; tests/it/schema.rs compares. Not run by anything.

CREATE SCHEMA public;

COMMENT ON SCHEMA public IS 'standard public schema';

CREATE FUNCTION public.audit_enqueue() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  insert into audit_pending (school_id, at, audit_id) select school_id, at, id from added;
  return null;
end $$;

CREATE FUNCTION public.audit_head_forward() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  if new.n < old.n then
    raise exception 'the head of an audit chain only goes forward' using errcode = 'check_violation';
  end if;
  return new;
end $$;

CREATE FUNCTION public.card_follows_belonging() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.consent_text_stays() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  raise exception 'a consent text never changes: add a version' using errcode = 'check_violation';
end $$;

CREATE FUNCTION public.current_person() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (NULLIF(current_setting('shanyraq.person'::text, true), ''::text))::uuid;

CREATE FUNCTION public.current_schools() RETURNS uuid[]
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN COALESCE((string_to_array(NULLIF(current_setting('shanyraq.schools'::text, true), ''::text), ','::text))::uuid[], '{}'::uuid[]);

CREATE FUNCTION public.delivery_carry_wishes(guardians uuid[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.delivery_claim_push_token(its_channel text, its_token text, at timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
  claimed int;
begin
  -- Without a signed-in person nothing may be taken from anybody.
  if current_person() is null then
    return 0;
  end if;
  update push_token set removed_at = at, removed_reason = 'moved'
  where channel = its_channel and token = its_token and removed_at is null and person_id <> current_person();
  get diagnostics claimed = row_count;
  return claimed;
end $$;

CREATE FUNCTION public.delivery_wishes_follow() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  perform delivery_carry_wishes(array(select distinct guardian_id from linked where valid_to is null));
  return null;
end $$;

CREATE FUNCTION public.departments_figures(asked uuid) RETURNS TABLE(id uuid, kind text, code text, name_kk text, name_ru text, name_en text, schools bigint, pupils bigint, staff bigint, guardians bigint, reached bigint, passes bigint, devices bigint, offline bigint, late bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.ensure_partitions(months_ahead integer DEFAULT 3) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.erasure_search(its_relation text, needles text[]) RETURNS bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
declare
  hits bigint; sought text[];
begin
  if not exists (select from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname = its_relation) then
    return 0;
  end if;
  -- Whole words as texts: parent-1 is not parent-10. Anywhere as bytes.
  sought := array(select '(?<![[:alnum:]])' || regexp_replace(n, '([.^$*+?()\[\]{}|\\])', '\\\1', 'g') || '(?![[:alnum:]])' from unnest(needles) n)
    || array(select encode(convert_to(n, 'UTF8'), 'hex') from unnest(needles) n);
  execute format('select count(*) from %I t where exists (select from unnest($1) n where t::text ~* n)', its_relation) into hits using sought;
  return hits;
end $_$;

CREATE FUNCTION public.fold(name text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN translate(lower((name COLLATE "und-x-icu")), 'әғқңөұүһіёйaeopcxykmthbi'::text, 'агкноуухиеиаеорсхукмтхви'::text);

CREATE FUNCTION public.identity_works_elsewhere(here uuid, persons uuid[]) RETURNS SETOF uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
  kept text := current_setting('shanyraq.schools', true);
  own uuid[];
begin
  if here is null or not (here = any(current_schools())) then
    return;
  end if;
  own := array(select m.person_id from school_person m where m.school_id = here and m.person_id = any(persons));
  perform set_config('shanyraq.schools', (select string_agg(o.id::text, ',') from organisation o), true);
  return query
    select g.person_id from role_grant g where g.person_id = any(own) and g.school_id <> here and (g.valid_to is null or g.valid_to > now())
    union
    select g.person_id from school_role_grant g where g.person_id = any(own) and g.school_id <> here and (g.valid_to is null or g.valid_to > now())
    union
    select g.person_id from class_grant g where g.person_id = any(own) and g.school_id <> here and (g.valid_to is null or g.valid_to > now());
  perform set_config('shanyraq.schools', kept, true);
end $$;

CREATE PROCEDURE public.make_tenant_table(IN t regclass)
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.people_merge_columns() RETURNS TABLE(relation text, col text, is_array boolean, has_school boolean)
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select c.relname::text, a.attname::text, a.atttypid = 'uuid[]'::regtype, s.attname is not null
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.atttypid in ('uuid'::regtype, 'uuid[]'::regtype)
  left join pg_attribute s on s.attrelid = c.oid and s.attname = 'school_id' and not s.attisdropped
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and a.attname <> 'school_id'
    and (s.attname is not null or a.attname in ('person_id', 'set_by'))
    and c.relname not in ('audit', 'audit_base', 'audit_chain', 'audit_head', 'audit_pending', 'person_merge', 'person_merge_row', 'event')
  -- Presence before all, as every writer locks it; belonging last: until then the person is in sight.
  order by c.relname <> 'presence', c.relname = 'school_person', c.relname, a.attname
$$;

CREATE FUNCTION public.people_merge_counts(its_school uuid, who uuid) RETURNS TABLE(relation text, count bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
declare c record; n bigint;
begin
  if its_school is null or not (its_school = any(current_schools())) or not exists (select from school_person m where m.school_id = its_school and m.person_id = who) then
    return;
  end if;
  for c in select x.relation, array_agg(format(case when x.is_array then '$2 = any(t.%I)' else 't.%I = $2' end, x.col)) as holds, bool_and(x.has_school) as has_school
           from people_merge_columns() x group by x.relation order by x.relation loop
    execute format('select count(*) from %I t where ($1::uuid is not null) and (%s) and (%s)', c.relation, case when c.has_school then 't.school_id = $1' else 'true' end, array_to_string(c.holds, ' or '))
      into n using its_school, who;
    if n > 0 then
      people_merge_counts.relation := c.relation;
      people_merge_counts.count := n;
      return next;
    end if;
  end loop;
end $_$;

CREATE FUNCTION public.people_merge_facts(its_school uuid, kept uuid, gone uuid) RETURNS TABLE(both_here boolean, is_elsewhere boolean, two_iins boolean, two_classes boolean, two_logins boolean, login_of_gone boolean, confidential_of_kept boolean, confidential_of_gone boolean, are_kin boolean, is_leaving boolean, pupil_and_adult boolean, two_transfers boolean)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
  scope text := current_setting('shanyraq.schools', true);
  elsewhere boolean;
begin
  if its_school is null or not (its_school = any(current_schools())) then
    return;
  end if;
  perform set_config('shanyraq.schools', (select string_agg(o.id::text, ',') from organisation o), true);
  elsewhere := exists (select from school_person m where m.person_id in (kept, gone) and m.school_id <> its_school);
  perform set_config('shanyraq.schools', its_school::text, true);
  return query select
    2 = (select count(distinct m.person_id) from school_person m where m.school_id = its_school and m.person_id in (kept, gone)),
    elsewhere,
    2 = (select count(*) from person_iin i where i.person_id in (kept, gone)),
    exists (select from enrolment a join enrolment b on b.school_id = a.school_id and b.pupil_id = gone and b.class_id <> a.class_id
      and a.valid_from <= coalesce(b.valid_to, 'infinity') and b.valid_from <= coalesce(a.valid_to, 'infinity')
      where a.school_id = its_school and a.pupil_id = kept),
    2 = (select count(*) from account a where a.person_id in (kept, gone) and a.signed_in_at is not null),
    2 = (select count(*) from account a where a.person_id in (kept, gone)) and exists (select from account a where a.person_id = gone and a.signed_in_at is not null),
    exists (select from confidential_record r where r.school_id = its_school and r.person_id = kept),
    exists (select from confidential_record r where r.school_id = its_school and r.person_id = gone),
    exists (select from kinship k where k.school_id = its_school and k.pupil_id in (kept, gone) and k.guardian_id in (kept, gone)),
    exists (select from erasure e where e.school_id = its_school and (e.person_id in (kept, gone) or kept = any(e.persons) or gone = any(e.persons))),
    exists (select from enrolment e where e.school_id = its_school and e.pupil_id in (kept, gone))
      and (exists (select from kinship k where k.school_id = its_school and k.guardian_id in (kept, gone)) or exists (select from staff_line s where s.school_id = its_school and s.person_id in (kept, gone))
        or exists (select from role_grant g where g.school_id = its_school and g.person_id in (kept, gone) and g.role <> 'pupil')),
    2 = (select count(*) from transfer x where x.school_id = its_school and x.pupil_id in (kept, gone) and x.cancelled_at is null and x.accepted_at is null);
  perform set_config('shanyraq.schools', scope, true);
end $$;

CREATE FUNCTION public.people_merge_move(its_school uuid, its_id uuid) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
declare
  m person_merge; c record; one record; its_account uuid; became jsonb; n int := 0; moved int; in_school text; not_theirs text;
begin
  select x.* into m from person_merge x where x.school_id = its_school and x.id = its_id and x.before is null and x.undone_at is null for update;
  if not found or not (its_school = any(current_schools())) then
    raise exception 'no such merge' using errcode = 'P0002';
  end if;
  perform 1 from presence p where p.school_id = its_school and p.person_id in (m.kept_id, m.gone_id) order by p.person_id for update;
  perform 1 from person p where p.id in (m.kept_id, m.gone_id) order by p.id for update;
  update person_merge x set before = people_merge_picture(its_school, m.kept_id, m.gone_id) where x.school_id = its_school and x.id = its_id;
  -- A login that nobody ever used makes way.
  if exists (select from account a where a.person_id = m.kept_id) then
    select a.id into its_account from account a where a.person_id = m.gone_id;
    if found then
      for one in select 'account' as relation, to_jsonb(a) as row from account a where a.id = its_account
                 union all select 'account_identifier', to_jsonb(i) from account_identifier i where i.account_id = its_account loop
        n := n + 1;
        insert into person_merge_row values (its_school, its_id, n, one.relation, '', one.row, null);
      end loop;
      delete from account_identifier i where i.account_id = its_account;
      delete from account a where a.id = its_account;
    end if;
  end if;
  -- The values of the card: one open value of a field, the kept one's first.
  delete from person_value v where v.school_id = its_school and v.person_id = m.gone_id and v.ended_at is null
    and exists (select from person_value k where k.school_id = its_school and k.person_id = m.kept_id and k.field = v.field and k.ended_at is null);
  update person_value v set person_id = m.kept_id where v.school_id = its_school and v.person_id = m.gone_id;
  update person_value v set set_by = m.kept_id where v.school_id = its_school and v.person_id = m.kept_id and v.set_by = m.gone_id;
  update person_value v set ended_by = m.kept_id where v.school_id = its_school and v.person_id = m.kept_id and v.ended_by = m.gone_id;
  -- Nobody is called so any more.
  update person p set surname = '—', given_name = '—', patronymic = null, birth_date = null, sex = null where p.id = m.gone_id;
  -- A time of belonging within the other's is no time of its own; it is taken out at the end, so that the person is in sight until then.
  for one in select to_jsonb(s) as row, s.valid_from from school_person s where s.school_id = its_school and s.person_id = m.gone_id
             and exists (select from school_person k where k.school_id = its_school and k.person_id = m.kept_id
               and k.valid_from <= coalesce(s.valid_to, 'infinity') and s.valid_from <= coalesce(k.valid_to, 'infinity'))
             loop
    n := n + 1;
    insert into person_merge_row values (its_school, its_id, n, 'school_person', '', one.row, null);
  end loop;
  for c in select * from people_merge_columns() x where not (x.relation = 'person_value' and x.col = 'person_id') loop
    in_school := case when c.has_school then format('t.school_id = %L', its_school) else 'true' end;
    not_theirs := case when c.relation = 'person_value' then format('and t.person_id <> %L', m.kept_id) else '' end;
    if c.relation = 'school_person' then
      delete from school_person s where s.school_id = its_school and s.person_id = m.gone_id
        and exists (select from person_merge_row r where r.school_id = its_school and r.merge_id = its_id and r.relation = 'school_person' and r.before = to_jsonb(s));
    end if;
    begin
      if c.is_array then
        raise unique_violation;
      end if;
      execute format('with now as (update %1$I t set %2$I = $1 where %3$s %4$s and t.%2$I = $2 returning to_jsonb(t) as became)
        insert into person_merge_row select $3, $4, $5 + row_number() over (), %1$L, %2$L, became || jsonb_build_object(%2$L, $2), became from now', c.relation, c.col, in_school, not_theirs)
        using m.kept_id, m.gone_id, its_school, its_id, n;
      get diagnostics moved = row_count;
      n := n + moved;
    exception when unique_violation or check_violation or exclusion_violation then
      -- One by one: what has no place beside the other's row is taken out.
      for one in execute format('select t.ctid as place, t.tableoid as part, to_jsonb(t) as row from %1$I t where %2$s %3$s and %4$s for update', c.relation, in_school, not_theirs,
                                format(case when c.is_array then '$1 = any(t.%I)' else 't.%I = $1' end, c.col)) using m.gone_id loop
        n := n + 1;
        begin
          execute format('update %1$I t set %2$I = %3$s where t.ctid = $3 and t.tableoid = $4 returning to_jsonb(t)', c.relation, c.col,
                         case when c.is_array then format('array_replace(t.%I, $2, $1)', c.col) else '$1' end)
            into became using m.kept_id, m.gone_id, one.place, one.part;
          insert into person_merge_row values (its_school, its_id, n, c.relation, c.col, one.row, became);
        exception when unique_violation or check_violation or exclusion_violation then
          execute format('delete from %I t where t.ctid = $1 and t.tableoid = $2', c.relation) using one.place, one.part;
          insert into person_merge_row values (its_school, its_id, n, c.relation, c.col, one.row, null);
        end;
      end loop;
    end;
  end loop;
  return n;
end $_$;

CREATE FUNCTION public.people_merge_picture(its_school uuid, kept uuid, gone uuid) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
  select jsonb_build_object(
    'persons', (select coalesce(jsonb_agg(to_jsonb(p) order by p.id), '[]') from person p where p.id in (kept, gone)),
    'values', (select coalesce(jsonb_agg(to_jsonb(v) order by v.id), '[]') from person_value v where v.school_id = its_school and v.person_id in (kept, gone)))
$$;

CREATE FUNCTION public.people_merge_seal(its_school uuid, its_id uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  update person_merge x set after = people_merge_picture(its_school, x.kept_id, x.gone_id)
  where x.school_id = its_school and x.id = its_id and x.after is null and its_school = any(current_schools())
$$;

CREATE FUNCTION public.people_merge_undo(its_school uuid, its_id uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
declare
  m person_merge; c record; one record; wanted int; found_rows int; in_school text;
begin
  if its_school is null or not (its_school = any(current_schools())) then
    return false;
  end if;
  select x.* into m from person_merge x where x.school_id = its_school and x.id = its_id and x.undone_at is null and x.after is not null for update;
  if not found then
    return false;
  end if;
  perform 1 from presence p where p.school_id = its_school and p.person_id in (m.kept_id, m.gone_id) order by p.person_id for update;
  perform 1 from person p where p.id in (m.kept_id, m.gone_id) order by p.id for update;
  if people_merge_picture(its_school, m.kept_id, m.gone_id) is distinct from m.after then
    return false;
  end if;
  begin
    for c in select r.relation, r.col, max(r.n) as last, count(r.after)::int as kept, a.attname is not null as has_school, i.atttypid = 'uuid[]'::regtype as is_array
             from person_merge_row r
             left join pg_attribute a on a.attrelid = to_regclass('public.' || quote_ident(r.relation)) and a.attname = 'school_id' and not a.attisdropped
             left join pg_attribute i on i.attrelid = to_regclass('public.' || quote_ident(r.relation)) and i.attname = r.col and not i.attisdropped
             where r.school_id = its_school and r.merge_id = its_id group by r.relation, r.col, a.attname, i.atttypid
             -- Belonging first: from then on both are in sight.
             order by r.relation <> 'school_person', max(r.n) desc loop
      in_school := case when c.has_school then format('t.school_id = %L', its_school) else 'true' end;
      if c.kept > 0 and not coalesce(c.is_array, false) then
        execute format('update %1$I t set %2$I = $1 where %3$s and t.%2$I = $2 and exists (select from person_merge_row r
          where r.school_id = $3 and r.merge_id = $4 and r.relation = %1$L and r.col = %2$L and r.after = to_jsonb(t))', c.relation, c.col, in_school)
          using m.gone_id, m.kept_id, its_school, its_id;
        get diagnostics found_rows = row_count;
        if found_rows <> c.kept then
          raise exception 'followed' using errcode = 'SH001';
        end if;
      elsif c.kept > 0 then
        for one in select r.before, r.after from person_merge_row r where r.school_id = its_school and r.merge_id = its_id and r.relation = c.relation and r.col = c.col and r.after is not null loop
          execute format('update %1$I t set %2$I = (jsonb_populate_record(null::%1$I, $1)).%2$I where %3$s and $2 = any(t.%2$I) and to_jsonb(t) = $3', c.relation, c.col, in_school)
            using one.before, m.kept_id, one.after;
          get diagnostics found_rows = row_count;
          if found_rows <> 1 then
            raise exception 'followed' using errcode = 'SH001';
          end if;
        end loop;
      end if;
      execute format('insert into %1$I select p.* from person_merge_row r, jsonb_populate_record(null::%1$I, r.before) p
        where r.school_id = $1 and r.merge_id = $2 and r.relation = %1$L and r.col = %2$L and r.after is null order by r.n', c.relation, c.col) using its_school, its_id;
    end loop;
    delete from person_value v where v.school_id = its_school and v.person_id in (m.kept_id, m.gone_id);
    insert into person_value select v.* from jsonb_populate_recordset(null::person_value, m.before -> 'values') v;
    update person p set surname = w.surname, given_name = w.given_name, patronymic = w.patronymic, birth_date = w.birth_date, sex = w.sex, locale = w.locale
      from jsonb_populate_recordset(null::person, m.before -> 'persons') w where p.id = w.id;
  exception when sqlstate 'SH001' or integrity_constraint_violation then
    return false;
  end;
  return true;
end $_$;

CREATE FUNCTION public.people_schooling_before(receiver uuid, pupil uuid) RETURNS TABLE(school uuid, class_label text, began date, ended date)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
  kept text := current_setting('shanyraq.schools', true);
  known uuid[] := array[receiver]; more uuid[];
begin
  if receiver is null or not (receiver = any(current_schools())) or not exists (select from enrolment e where e.school_id = receiver and e.pupil_id = pupil) then
    return;
  end if;
  for step in 1..20 loop
    perform set_config('shanyraq.schools', array_to_string(known, ','), true);
    select array_agg(distinct q.s) into more from (select unnest(known) as s union select x.school_id from transfer x where x.pupil_id = pupil and x.accepted_at is not null and x.to_school = any(known)) q;
    exit when cardinality(more) = cardinality(known);
    known := more;
  end loop;
  perform set_config('shanyraq.schools', array_to_string(known, ','), true);
  return query select e.school_id, k.grade || k.letter, e.valid_from, e.valid_to from enrolment e join school_class k on k.school_id = e.school_id and k.id = e.class_id
    where e.pupil_id = pupil and e.school_id = any(known) and e.school_id <> receiver order by e.valid_from;
  perform set_config('shanyraq.schools', kept, true);
end $$;

CREATE FUNCTION public.people_transfer_accept(receiver uuid, its_hash bytea, on_date date, by_person uuid, at timestamp with time zone) RETURNS TABLE(pupil uuid, sender uuid)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
  kept text := current_setting('shanyraq.schools', true);
  slip transfer; here enrolment; last_day date; n int;
  line uuid := gen_random_uuid(); its_order uuid := gen_random_uuid();
begin
  if receiver is null or not (receiver = any(current_schools())) then
    return;
  end if;
  select x.* into slip from transfer x where x.to_school = receiver and x.code_hash = its_hash and x.cancelled_at is null and x.accepted_at is null and x.valid_until >= on_date;
  if not found then
    return;
  end if;
  perform set_config('shanyraq.schools', slip.school_id || ',' || receiver, true);
  select x.* into slip from transfer x where x.school_id = slip.school_id and x.id = slip.id and x.cancelled_at is null and x.accepted_at is null for update;
  if found then
    select e.* into here from enrolment e where e.school_id = slip.school_id and e.pupil_id = slip.pupil_id and e.valid_to is null for update;
  end if;
  if not found then
    perform set_config('shanyraq.schools', kept, true);
    return;
  end if;
  last_day := greatest(here.valid_from, on_date - 1);
  insert into order_number as o (school_id, kind, year, last) values (slip.school_id, 'departure', extract(year from on_date)::smallint, 1)
    on conflict (school_id, kind, year) do update set last = o.last + 1 returning o.last into n;
  insert into school_order (school_id, id, kind, year, number, dated, made_at) values (slip.school_id, its_order, 'departure', extract(year from on_date)::smallint, n, on_date, at);
  insert into movement (school_id, id, pupil_id, kind, on_date, from_class, reason, other_school, order_id, made_at)
    values (slip.school_id, line, slip.pupil_id, 'departure', last_day, here.class_id, 'other_school', receiver, its_order, at);
  update enrolment e set valid_to = last_day where e.school_id = slip.school_id and e.pupil_id = slip.pupil_id and e.valid_to is null;
  -- Here: the pupil, the family, and what a guardian may not.
  insert into school_person as m (school_id, person_id, valid_from)
    select receiver, w.person_id, on_date from (select slip.pupil_id as person_id union select k.guardian_id from kinship k
      where k.school_id = slip.school_id and k.pupil_id = slip.pupil_id and k.valid_to is null) w
    where not exists (select from school_person b where b.school_id = receiver and b.person_id = w.person_id and b.valid_to is null)
    on conflict (school_id, person_id, valid_from) do update set valid_to = null, movement_id = null;
  insert into kinship (school_id, pupil_id, guardian_id, kind, valid_from)
    select receiver, k.pupil_id, k.guardian_id, k.kind, on_date from kinship k
    where k.school_id = slip.school_id and k.pupil_id = slip.pupil_id and k.valid_to is null
      and not exists (select from kinship b where b.school_id = receiver and b.pupil_id = k.pupil_id and b.guardian_id = k.guardian_id and b.valid_to is null)
    on conflict (school_id, pupil_id, guardian_id, valid_from) do update set valid_to = null, movement_id = null;
  insert into custody_limit (school_id, id, pupil_id, guardian_id, no_data, no_pickup, basis, act_number, act_date, valid_from, valid_to, set_by, set_at)
    select receiver, gen_random_uuid(), l.pupil_id, l.guardian_id, l.no_data, l.no_pickup, l.basis, l.act_number, l.act_date, l.valid_from, l.valid_to, l.set_by, l.set_at
    from custody_limit l where l.school_id = slip.school_id and l.pupil_id = slip.pupil_id and l.ended_at is null and (l.valid_to is null or l.valid_to >= on_date);
  -- There: the time is over.
  update kinship k set valid_to = greatest(last_day, k.valid_from), movement_id = line where k.school_id = slip.school_id and k.pupil_id = slip.pupil_id and k.valid_to is null;
  update school_person m set valid_to = greatest(last_day, m.valid_from), movement_id = line where m.school_id = slip.school_id and m.person_id = slip.pupil_id and m.valid_to is null;
  update school_person m set valid_to = greatest(last_day, m.valid_from), movement_id = line
    from (select distinct k.guardian_id from kinship k where k.school_id = slip.school_id and k.movement_id = line) w
    where m.school_id = slip.school_id and m.person_id = w.guardian_id and m.valid_to is null
      and not exists (select from kinship k where k.school_id = slip.school_id and k.guardian_id = m.person_id and k.valid_to is null)
      and not exists (select from enrolment e where e.school_id = slip.school_id and e.pupil_id = m.person_id and e.valid_to is null)
      and not exists (select from staff_line s where s.school_id = slip.school_id and s.person_id = m.person_id and s.kind = 'post' and s.struck_at is null and (s.valid_to is null or s.valid_to >= last_day))
      and not exists (select from identity_v_office o where o.school_id = slip.school_id and o.person_id = m.person_id and (o.valid_to is null or o.valid_to > at));
  update transfer x set accepted_at = at, accepted_by = by_person where x.school_id = slip.school_id and x.id = slip.id;
  insert into audit (school_id, at, id, role, action, subject_kind, subject_id, detail, whose_kind, whose)
    values (slip.school_id, at, gen_random_uuid(), 'receiving school', 'people.transfer_out', 'person', slip.pupil_id, jsonb_build_object('transfer', slip.id, 'to', receiver), 'persons', array[slip.pupil_id]);
  perform set_config('shanyraq.schools', kept, true);
  return query select slip.pupil_id, slip.school_id;
end $$;

CREATE FUNCTION public.person_iin_hold() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  new.held := not exists (select from person_iin i where i.lookup = new.lookup and i.held and i.person_id <> new.person_id);
  return new;
end $$;

CREATE FUNCTION public.retention_drop_parts(its_what text) RETURNS TABLE(dropped integer, removed bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.retention_parts(its_what text) RETURNS TABLE(part regclass, month_end timestamp with time zone, row_count bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
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
end $_$;

CREATE FUNCTION public.standing_changed() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare ids text[];
begin
  execute format('select array(select distinct %I::text from changed where %I is not null limit 101)', tg_argv[1], tg_argv[1]) into ids;
  if cardinality(ids) > 100 then
    perform pg_notify('shanyraq_standing', 'everybody');
  elsif cardinality(ids) > 0 then
    perform pg_notify('shanyraq_standing', tg_argv[0] || ':' || array_to_string(ids, ','));
  end if;
  return null;
end $$;

CREATE FUNCTION public.standing_row_changed() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  perform pg_notify('shanyraq_standing', tg_argv[0] || ':' || (to_jsonb(coalesce(new, old)) ->> tg_argv[1]));
  return null;
end $$;

CREATE PROCEDURE public.tell_standing(IN t regclass, IN kind text, IN col text)
    LANGUAGE plpgsql
    AS $$
begin
  execute format('create trigger standing_added after insert on %s referencing new table as changed for each statement execute function standing_changed(%L, %L)', t, kind, col);
  execute format('create trigger standing_changed after update on %s referencing new table as changed for each statement execute function standing_changed(%L, %L)', t, kind, col);
  execute format('create trigger standing_gone after delete on %s referencing old table as changed for each statement execute function standing_changed(%L, %L)', t, kind, col);
end $$;

CREATE TABLE public.absence_document (
    school_id uuid NOT NULL,
    note_id uuid NOT NULL,
    file_id uuid NOT NULL,
    realm text DEFAULT 'health'::text NOT NULL,
    generation integer NOT NULL,
    sealed_key bytea NOT NULL,
    added_by uuid NOT NULL,
    added_at timestamp with time zone NOT NULL,
    CONSTRAINT absence_document_realm_check CHECK ((realm = 'health'::text))
);

ALTER TABLE ONLY public.absence_document FORCE ROW LEVEL SECURITY;

CREATE TABLE public.absence_note (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    child_id uuid NOT NULL,
    from_day date NOT NULL,
    to_day date NOT NULL,
    reason text NOT NULL,
    words text,
    way text NOT NULL,
    said_by uuid NOT NULL,
    said_at timestamp with time zone NOT NULL,
    withdrawn_by uuid,
    withdrawn_at timestamp with time zone,
    CONSTRAINT absence_note_check CHECK ((from_day <= to_day)),
    CONSTRAINT absence_note_check1 CHECK (((withdrawn_by IS NULL) = (withdrawn_at IS NULL))),
    CONSTRAINT absence_note_reason_check CHECK ((reason = ANY (ARRAY['ill'::text, 'family'::text, 'competition'::text, 'other'::text]))),
    CONSTRAINT absence_note_way_check CHECK ((way = ANY (ARRAY['page'::text, 'telephone'::text]))),
    CONSTRAINT absence_note_words_check CHECK ((words <> ''::text))
);

ALTER TABLE ONLY public.absence_note FORCE ROW LEVEL SECURITY;

CREATE TABLE public.account (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    login text NOT NULL,
    password_hash text NOT NULL,
    locale text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    blocked_at timestamp with time zone,
    signed_in_at timestamp with time zone,
    CONSTRAINT account_locale_check CHECK ((locale = ANY (ARRAY['kk'::text, 'ru'::text, 'en'::text]))),
    CONSTRAINT account_login_check CHECK (((login = lower(login)) AND (login <> ''::text)))
);

CREATE TABLE public.account_email_question (
    token_hash bytea NOT NULL,
    account_id uuid NOT NULL,
    lookup bytea NOT NULL,
    sealed bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT account_email_question_lookup_check CHECK ((length(lookup) = 32)),
    CONSTRAINT account_email_question_token_hash_check CHECK ((length(token_hash) = 32))
);

CREATE TABLE public.account_half_open (
    token_hash bytea NOT NULL,
    account_id uuid NOT NULL,
    next text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    failures smallint DEFAULT 0 NOT NULL,
    CONSTRAINT account_half_open_token_hash_check CHECK ((length(token_hash) = 32))
);

CREATE TABLE public.account_identifier (
    account_id uuid NOT NULL,
    kind text NOT NULL,
    lookup bytea NOT NULL,
    sealed bytea NOT NULL,
    set_at timestamp with time zone NOT NULL,
    set_by uuid NOT NULL,
    vouched_at timestamp with time zone,
    CONSTRAINT account_identifier_kind_check CHECK ((kind = ANY (ARRAY['phone'::text, 'email'::text, 'iin'::text]))),
    CONSTRAINT account_identifier_lookup_check CHECK ((length(lookup) = 32))
);

CREATE TABLE public.account_key (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    name text NOT NULL,
    token_hash bytea NOT NULL,
    scopes text[] NOT NULL,
    thumbprint bytea,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    CONSTRAINT account_key_name_check CHECK ((name <> ''::text)),
    CONSTRAINT account_key_thumbprint_check CHECK ((length(thumbprint) = 32)),
    CONSTRAINT account_key_token_hash_check CHECK ((length(token_hash) = 32))
);

CREATE TABLE public.account_key_code (
    code_hash bytea NOT NULL,
    account_id uuid NOT NULL,
    name text NOT NULL,
    scopes text[] NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    key_expires_at timestamp with time zone NOT NULL,
    CONSTRAINT account_key_code_code_hash_check CHECK ((length(code_hash) = 32)),
    CONSTRAINT account_key_code_name_check CHECK ((name <> ''::text))
);

CREATE TABLE public.account_key_proof (
    thumbprint bytea NOT NULL,
    proof_hash bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT account_key_proof_proof_hash_check CHECK ((length(proof_hash) = 32)),
    CONSTRAINT account_key_proof_thumbprint_check CHECK ((length(thumbprint) = 32))
);

CREATE TABLE public.account_passkey (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    credential_id bytea NOT NULL,
    credential jsonb NOT NULL,
    name text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT account_passkey_name_check CHECK ((name <> ''::text))
);

CREATE TABLE public.account_passkey_question (
    token_hash bytea NOT NULL,
    account_id uuid,
    state jsonb NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT account_passkey_question_token_hash_check CHECK ((length(token_hash) = 32))
);

CREATE TABLE public.account_recovery (
    token_hash bytea NOT NULL,
    account_id uuid NOT NULL,
    lookup bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT account_recovery_lookup_check CHECK ((length(lookup) = 32)),
    CONSTRAINT account_recovery_token_hash_check CHECK ((length(token_hash) = 32))
);

CREATE TABLE public.account_recovery_code (
    account_id uuid NOT NULL,
    code_hash bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT account_recovery_code_code_hash_check CHECK ((length(code_hash) = 32))
);

CREATE TABLE public.account_totp (
    account_id uuid NOT NULL,
    sealed bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    confirmed_at timestamp with time zone,
    last_step bigint DEFAULT 0 NOT NULL
);

CREATE TABLE public.announcement (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    title_kk text NOT NULL,
    title_ru text NOT NULL,
    text_kk text NOT NULL,
    text_ru text NOT NULL,
    urgency text NOT NULL,
    audience text NOT NULL,
    grades integer[] DEFAULT '{}'::integer[] NOT NULL,
    class_ids uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    written_by uuid NOT NULL,
    written_at timestamp with time zone NOT NULL,
    sent_by uuid,
    sent_at timestamp with time zone,
    job_id uuid,
    reminded_at timestamp with time zone,
    readers text[] DEFAULT '{guardians}'::text[] NOT NULL,
    roles text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT announcement_audience_check CHECK ((audience = ANY (ARRAY['school'::text, 'grades'::text, 'classes'::text]))),
    CONSTRAINT announcement_check CHECK ((((sent_at IS NULL) = (sent_by IS NULL)) AND ((sent_at IS NULL) = (job_id IS NULL)))),
    CONSTRAINT announcement_readers_check CHECK (((cardinality(readers) > 0) AND (readers <@ ARRAY['guardians'::text, 'pupils'::text, 'class_teachers'::text, 'staff'::text]))),
    CONSTRAINT announcement_text_kk_check CHECK (((length(text_kk) >= 1) AND (length(text_kk) <= 4000))),
    CONSTRAINT announcement_text_ru_check CHECK (((length(text_ru) >= 1) AND (length(text_ru) <= 4000))),
    CONSTRAINT announcement_title_kk_check CHECK (((length(title_kk) >= 1) AND (length(title_kk) <= 120))),
    CONSTRAINT announcement_title_ru_check CHECK (((length(title_ru) >= 1) AND (length(title_ru) <= 120))),
    CONSTRAINT announcement_urgency_check CHECK ((urgency = ANY (ARRAY['normal'::text, 'alarm'::text])))
);

ALTER TABLE ONLY public.announcement FORCE ROW LEVEL SECURITY;

CREATE TABLE public.announcement_file (
    school_id uuid NOT NULL,
    announcement_id uuid NOT NULL,
    id uuid NOT NULL,
    file_id uuid NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    size integer NOT NULL,
    added_at timestamp with time zone NOT NULL,
    CONSTRAINT announcement_file_name_check CHECK (((length(name) >= 1) AND (length(name) <= 80)))
);

ALTER TABLE ONLY public.announcement_file FORCE ROW LEVEL SECURITY;

CREATE TABLE public.announcement_reader (
    school_id uuid NOT NULL,
    announcement_id uuid NOT NULL,
    guardian_id uuid NOT NULL,
    child_id uuid NOT NULL,
    told_at timestamp with time zone,
    confirmed_at timestamp with time zone,
    reads_as text DEFAULT 'guardian'::text NOT NULL,
    CONSTRAINT announcement_reader_reads_as_check CHECK ((reads_as = ANY (ARRAY['guardian'::text, 'pupil'::text, 'staff'::text])))
);

ALTER TABLE ONLY public.announcement_reader FORCE ROW LEVEL SECURITY;

CREATE TABLE public.arrival_check (
    school_id uuid NOT NULL,
    day date NOT NULL,
    shift smallint NOT NULL,
    outcome text NOT NULL,
    expected integer DEFAULT 0 NOT NULL,
    entered integer DEFAULT 0 NOT NULL,
    missing integer DEFAULT 0 NOT NULL,
    checked_at timestamp with time zone NOT NULL,
    CONSTRAINT arrival_check_outcome_check CHECK ((outcome = ANY (ARRAY['open'::text, 'told'::text, 'silent'::text, 'no_lessons'::text]))),
    CONSTRAINT arrival_check_shift_check CHECK (((shift >= 1) AND (shift <= 3)))
);

ALTER TABLE ONLY public.arrival_check FORCE ROW LEVEL SECURITY;

CREATE TABLE public.arrival_rule (
    school_id uuid NOT NULL,
    shift smallint NOT NULL,
    valid_from date NOT NULL,
    starts_minute smallint,
    tell_after smallint,
    set_by uuid,
    set_at timestamp with time zone NOT NULL,
    CONSTRAINT arrival_rule_check CHECK (((starts_minute IS NULL) = (tell_after IS NULL))),
    CONSTRAINT arrival_rule_shift_check CHECK (((shift >= 1) AND (shift <= 3))),
    CONSTRAINT arrival_rule_starts_minute_check CHECK (((starts_minute >= 300) AND (starts_minute <= 1200))),
    CONSTRAINT arrival_rule_tell_after_check CHECK (((tell_after >= 5) AND (tell_after <= 180)))
);

ALTER TABLE ONLY public.arrival_rule FORCE ROW LEVEL SECURITY;

CREATE TABLE public.audit (
    school_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    id uuid NOT NULL,
    person_id uuid,
    role text NOT NULL,
    action text NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    whose_kind text DEFAULT 'nobody'::text NOT NULL,
    whose uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    address inet,
    device text,
    reason text,
    CONSTRAINT audit_whose_check CHECK ((cardinality(whose) <= 200)),
    CONSTRAINT audit_whose_kind_check CHECK ((whose_kind = ANY (ARRAY['nobody'::text, 'persons'::text, 'class'::text, 'school'::text])))
)
PARTITION BY RANGE (at);

ALTER TABLE ONLY public.audit FORCE ROW LEVEL SECURITY;

CREATE TABLE public.audit_base (
    school_id uuid NOT NULL,
    n bigint NOT NULL,
    hash bytea NOT NULL,
    before timestamp with time zone NOT NULL,
    CONSTRAINT audit_base_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT audit_base_n_check CHECK ((n > 0))
);

ALTER TABLE ONLY public.audit_base FORCE ROW LEVEL SECURITY;

CREATE TABLE public.audit_chain (
    school_id uuid NOT NULL,
    n bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    audit_id uuid NOT NULL,
    hash bytea NOT NULL,
    chained_at timestamp with time zone NOT NULL,
    CONSTRAINT audit_chain_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT audit_chain_n_check CHECK ((n > 0))
)
PARTITION BY RANGE (at);

ALTER TABLE ONLY public.audit_chain FORCE ROW LEVEL SECURITY;

CREATE TABLE public.audit_chain_default (
    school_id uuid NOT NULL,
    n bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    audit_id uuid NOT NULL,
    hash bytea NOT NULL,
    chained_at timestamp with time zone NOT NULL,
    CONSTRAINT audit_chain_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT audit_chain_n_check CHECK ((n > 0))
);

CREATE TABLE public.audit_default (
    school_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    id uuid NOT NULL,
    person_id uuid,
    role text NOT NULL,
    action text NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    whose_kind text DEFAULT 'nobody'::text NOT NULL,
    whose uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    address inet,
    device text,
    reason text,
    CONSTRAINT audit_whose_check CHECK ((cardinality(whose) <= 200)),
    CONSTRAINT audit_whose_kind_check CHECK ((whose_kind = ANY (ARRAY['nobody'::text, 'persons'::text, 'class'::text, 'school'::text])))
);

CREATE TABLE public.audit_head (
    school_id uuid NOT NULL,
    n bigint NOT NULL,
    hash bytea NOT NULL,
    chained_at timestamp with time zone NOT NULL,
    CONSTRAINT audit_head_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT audit_head_n_check CHECK ((n > 0))
);

ALTER TABLE ONLY public.audit_head FORCE ROW LEVEL SECURITY;

CREATE TABLE public.audit_pending (
    school_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    audit_id uuid NOT NULL
);

ALTER TABLE ONLY public.audit_pending FORCE ROW LEVEL SECURITY;

CREATE TABLE public.blocked_card_use (
    school_id uuid NOT NULL,
    device_id uuid NOT NULL,
    store text NOT NULL,
    seq bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    block_id uuid NOT NULL,
    person_id uuid NOT NULL,
    kind text NOT NULL,
    late boolean NOT NULL,
    CONSTRAINT blocked_card_use_kind_check CHECK ((kind = ANY (ARRAY['in'::text, 'out'::text, 'meal'::text])))
);

ALTER TABLE ONLY public.blocked_card_use FORCE ROW LEVEL SECURITY;

CREATE TABLE public.breach (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    number integer NOT NULL,
    detected_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    happened text NOT NULL,
    contact text NOT NULL,
    registered_by uuid NOT NULL,
    registered_at timestamp with time zone NOT NULL,
    reported_at timestamp with time zone,
    reported_as text,
    closed_at timestamp with time zone,
    CONSTRAINT breach_check CHECK ((due_at > detected_at)),
    CONSTRAINT breach_check1 CHECK ((reported_at >= detected_at)),
    CONSTRAINT breach_check2 CHECK (((reported_at IS NULL) = (reported_as IS NULL))),
    CONSTRAINT breach_contact_check CHECK ((contact <> ''::text)),
    CONSTRAINT breach_happened_check CHECK ((happened <> ''::text)),
    CONSTRAINT breach_number_check CHECK ((number > 0)),
    CONSTRAINT breach_reported_as_check CHECK ((reported_as <> ''::text))
);

ALTER TABLE ONLY public.breach FORCE ROW LEVEL SECURITY;

CREATE TABLE public.breach_person (
    school_id uuid NOT NULL,
    breach_id uuid NOT NULL,
    person_id uuid NOT NULL,
    added_at timestamp with time zone NOT NULL,
    told_at timestamp with time zone
);

ALTER TABLE ONLY public.breach_person FORCE ROW LEVEL SECURITY;

CREATE TABLE public.breach_step (
    school_id uuid NOT NULL,
    breach_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    kind text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    people integer DEFAULT 0 NOT NULL,
    CONSTRAINT breach_step_kind_check CHECK ((kind = ANY (ARRAY['finding'::text, 'measure'::text, 'people_added'::text, 'people_removed'::text, 'reported'::text, 'people_told'::text, 'closed'::text, 'reopened'::text]))),
    CONSTRAINT breach_step_people_check CHECK ((people >= 0))
);

ALTER TABLE ONLY public.breach_step FORCE ROW LEVEL SECURITY;

CREATE TABLE public.building (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL,
    name_kk text NOT NULL,
    name_ru text NOT NULL,
    kind text NOT NULL,
    place_kk text,
    place_ru text,
    address text,
    year_built smallint,
    floors smallint,
    capacity integer,
    shifts smallint,
    sort smallint NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    set_at timestamp with time zone NOT NULL,
    set_by uuid,
    CONSTRAINT building_address_check CHECK ((address <> ''::text)),
    CONSTRAINT building_capacity_check CHECK (((capacity >= 1) AND (capacity <= 10000))),
    CONSTRAINT building_check CHECK ((valid_to >= valid_from)),
    CONSTRAINT building_floors_check CHECK (((floors >= 1) AND (floors <= 50))),
    CONSTRAINT building_kind_check CHECK ((kind = ANY (ARRAY['main'::text, 'primary'::text, 'study'::text, 'hostel'::text, 'gym'::text, 'canteen'::text, 'workshop'::text, 'other'::text]))),
    CONSTRAINT building_name_kk_check CHECK ((name_kk <> ''::text)),
    CONSTRAINT building_name_ru_check CHECK ((name_ru <> ''::text)),
    CONSTRAINT building_place_kk_check CHECK ((place_kk <> ''::text)),
    CONSTRAINT building_place_ru_check CHECK ((place_ru <> ''::text)),
    CONSTRAINT building_shifts_check CHECK (((shifts >= 1) AND (shifts <= 3))),
    CONSTRAINT building_sort_check CHECK (((sort >= 1) AND (sort <= 99))),
    CONSTRAINT building_version_check CHECK ((version > 0)),
    CONSTRAINT building_year_built_check CHECK (((year_built >= 1800) AND (year_built <= 2100)))
);

ALTER TABLE ONLY public.building FORCE ROW LEVEL SECURITY;

CREATE TABLE public.card (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    code text NOT NULL,
    person_id uuid NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_to timestamp with time zone,
    left_at timestamp with time zone,
    CONSTRAINT card_check CHECK ((valid_to >= valid_from)),
    CONSTRAINT card_code_check CHECK ((code ~ '^[0-9A-Z]{4,32}$'::text))
);

ALTER TABLE ONLY public.card FORCE ROW LEVEL SECURITY;

CREATE TABLE public.card_block (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    card_id uuid NOT NULL,
    person_id uuid NOT NULL,
    reason text NOT NULL,
    words text,
    way text NOT NULL,
    blocked_by uuid,
    blocked_at timestamp with time zone NOT NULL,
    lifted_by uuid,
    lifted_at timestamp with time zone,
    CONSTRAINT card_block_check CHECK (((lifted_by IS NULL) OR (lifted_at IS NOT NULL))),
    CONSTRAINT card_block_reason_check CHECK ((reason = ANY (ARRAY['lost'::text, 'stolen'::text, 'broken'::text, 'other'::text]))),
    CONSTRAINT card_block_way_check CHECK ((way = ANY (ARRAY['page'::text, 'office'::text]))),
    CONSTRAINT card_block_words_check CHECK ((words <> ''::text))
);

ALTER TABLE ONLY public.card_block FORCE ROW LEVEL SECURITY;

CREATE TABLE public.certificate (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    year smallint NOT NULL,
    number integer NOT NULL,
    dated date NOT NULL,
    pupil_id uuid NOT NULL,
    asked_by uuid NOT NULL,
    surname text NOT NULL,
    given_name text NOT NULL,
    patronymic text,
    birth_date date,
    class_label text NOT NULL,
    signer text,
    code text NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    revoked_by uuid,
    revoked_at timestamp with time zone,
    revoked_why text,
    CONSTRAINT certificate_check CHECK (((revoked_at IS NULL) = (revoked_why IS NULL))),
    CONSTRAINT certificate_check1 CHECK (((revoked_at IS NOT NULL) OR (revoked_by IS NULL))),
    CONSTRAINT certificate_code_check CHECK ((code ~ '^[2-9A-HJ-NP-Y]{12}$'::text)),
    CONSTRAINT certificate_given_name_check CHECK ((given_name <> ''::text)),
    CONSTRAINT certificate_number_check CHECK ((number > 0)),
    CONSTRAINT certificate_patronymic_check CHECK ((patronymic <> ''::text)),
    CONSTRAINT certificate_revoked_why_check CHECK ((revoked_why <> ''::text)),
    CONSTRAINT certificate_signer_check CHECK ((signer <> ''::text)),
    CONSTRAINT certificate_surname_check CHECK ((surname <> ''::text))
);

ALTER TABLE ONLY public.certificate FORCE ROW LEVEL SECURITY;

CREATE TABLE public.certificate_number (
    school_id uuid NOT NULL,
    year smallint NOT NULL,
    last integer NOT NULL,
    CONSTRAINT certificate_number_last_check CHECK ((last > 0))
);

ALTER TABLE ONLY public.certificate_number FORCE ROW LEVEL SECURITY;

CREATE TABLE public.class_grant (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    role text,
    role_id uuid,
    class_ids uuid[] NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_to timestamp with time zone,
    CONSTRAINT class_grant_check CHECK ((valid_to >= valid_from)),
    CONSTRAINT class_grant_check1 CHECK (((role IS NULL) <> (role_id IS NULL))),
    CONSTRAINT class_grant_class_ids_check CHECK (((cardinality(class_ids) >= 1) AND (cardinality(class_ids) <= 100))),
    CONSTRAINT class_grant_role_check CHECK ((role <> ''::text))
);

ALTER TABLE ONLY public.class_grant FORCE ROW LEVEL SECURITY;

CREATE TABLE public.confidential_record (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    record_id uuid NOT NULL,
    version integer NOT NULL,
    person_id uuid NOT NULL,
    realm text NOT NULL,
    generation integer NOT NULL,
    sealed bytea NOT NULL,
    written_by uuid NOT NULL,
    written_at timestamp with time zone NOT NULL,
    CONSTRAINT confidential_record_realm_check CHECK ((realm = ANY (ARRAY['psychology'::text, 'health'::text, 'social'::text]))),
    CONSTRAINT confidential_record_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY public.confidential_record FORCE ROW LEVEL SECURITY;

CREATE TABLE public.consent (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    purpose text NOT NULL,
    act text NOT NULL,
    by_person uuid NOT NULL,
    voters uuid[] NOT NULL,
    at timestamp with time zone NOT NULL,
    text_version integer NOT NULL,
    text_locale text NOT NULL,
    how text NOT NULL,
    signed_on date,
    recorded_by uuid,
    file_id uuid,
    address inet,
    device text,
    CONSTRAINT consent_act_check CHECK ((act = ANY (ARRAY['given'::text, 'refused'::text, 'withdrawn'::text]))),
    CONSTRAINT consent_check CHECK ((by_person = ANY (voters))),
    CONSTRAINT consent_check1 CHECK (((how = 'paper'::text) = ((recorded_by IS NOT NULL) AND (file_id IS NOT NULL) AND (signed_on IS NOT NULL)))),
    CONSTRAINT consent_how_check CHECK ((how = ANY (ARRAY['on_screen'::text, 'paper'::text, 'eds'::text])))
);

ALTER TABLE ONLY public.consent FORCE ROW LEVEL SECURITY;

CREATE TABLE public.consent_purpose (
    code text NOT NULL,
    valid_from date NOT NULL,
    place smallint NOT NULL,
    rule text NOT NULL,
    basis text NOT NULL,
    CONSTRAINT consent_purpose_basis_check CHECK ((basis <> ''::text)),
    CONSTRAINT consent_purpose_code_check CHECK ((code ~ '^[a-z_]+$'::text)),
    CONSTRAINT consent_purpose_rule_check CHECK ((rule = ANY (ARRAY['until_refused'::text, 'after_yes'::text])))
);

CREATE TABLE public.consent_stop (
    school_id uuid NOT NULL,
    person_id uuid NOT NULL,
    purpose text NOT NULL,
    since timestamp with time zone NOT NULL,
    until timestamp with time zone,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT consent_stop_check CHECK ((until >= since))
);

ALTER TABLE ONLY public.consent_stop FORCE ROW LEVEL SECURITY;

CREATE TABLE public.consent_text (
    purpose text NOT NULL,
    version integer NOT NULL,
    locale text NOT NULL,
    valid_from date NOT NULL,
    goal text NOT NULL,
    data text NOT NULL,
    term text NOT NULL,
    third_parties text NOT NULL,
    cross_border text NOT NULL,
    publication text NOT NULL,
    CONSTRAINT consent_text_cross_border_check CHECK ((cross_border <> ''::text)),
    CONSTRAINT consent_text_data_check CHECK ((data <> ''::text)),
    CONSTRAINT consent_text_goal_check CHECK ((goal <> ''::text)),
    CONSTRAINT consent_text_locale_check CHECK ((locale = ANY (ARRAY['kk'::text, 'ru'::text, 'en'::text]))),
    CONSTRAINT consent_text_publication_check CHECK ((publication <> ''::text)),
    CONSTRAINT consent_text_term_check CHECK ((term <> ''::text)),
    CONSTRAINT consent_text_third_parties_check CHECK ((third_parties <> ''::text)),
    CONSTRAINT consent_text_version_check CHECK ((version > 0))
);

CREATE TABLE public.custody_limit (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    pupil_id uuid NOT NULL,
    guardian_id uuid NOT NULL,
    no_data boolean NOT NULL,
    no_pickup boolean NOT NULL,
    basis text NOT NULL,
    act_number text,
    act_date date,
    valid_from date NOT NULL,
    valid_to date,
    set_by uuid NOT NULL,
    set_at timestamp with time zone NOT NULL,
    ended_by uuid,
    ended_at timestamp with time zone,
    CONSTRAINT custody_limit_act_number_check CHECK ((act_number <> ''::text)),
    CONSTRAINT custody_limit_basis_check CHECK ((basis = ANY (ARRAY['court_act'::text, 'family_word'::text]))),
    CONSTRAINT custody_limit_check CHECK ((valid_to >= valid_from)),
    CONSTRAINT custody_limit_check1 CHECK ((no_data OR no_pickup)),
    CONSTRAINT custody_limit_check2 CHECK (((basis <> 'court_act'::text) OR ((act_number IS NOT NULL) AND (act_date IS NOT NULL))))
);

ALTER TABLE ONLY public.custody_limit FORCE ROW LEVEL SECURITY;

CREATE TABLE public.day_off (
    day date NOT NULL,
    basis text NOT NULL,
    CONSTRAINT day_off_basis_check CHECK ((basis <> ''::text))
);

CREATE TABLE public.dead_letter (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    received_at timestamp with time zone NOT NULL,
    reason text NOT NULL,
    topic text NOT NULL,
    device_id uuid,
    store text,
    seq bigint,
    detail text DEFAULT ''::text NOT NULL,
    payload bytea NOT NULL
);

ALTER TABLE ONLY public.dead_letter FORCE ROW LEVEL SECURITY;

CREATE TABLE public.delegation (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    giver_id uuid NOT NULL,
    receiver_id uuid NOT NULL,
    role text,
    role_id uuid,
    valid_from timestamp with time zone NOT NULL,
    valid_to timestamp with time zone NOT NULL,
    reason text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    ended_by uuid,
    CONSTRAINT delegation_check CHECK ((valid_to > valid_from)),
    CONSTRAINT delegation_check1 CHECK (((role IS NULL) <> (role_id IS NULL))),
    CONSTRAINT delegation_check2 CHECK ((giver_id <> receiver_id)),
    CONSTRAINT delegation_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT delegation_role_check CHECK ((role <> ''::text))
);

ALTER TABLE ONLY public.delegation FORCE ROW LEVEL SECURITY;

CREATE TABLE public.delivery (
    school_id uuid NOT NULL,
    notice_id uuid NOT NULL,
    token_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    recipient_id uuid NOT NULL,
    channel text NOT NULL,
    lease_until timestamp with time zone NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    outcome text,
    outcome_at timestamp with time zone,
    detail text,
    lane integer DEFAULT 0 NOT NULL,
    held_until timestamp with time zone,
    gathers integer,
    replayed_at timestamp with time zone,
    CONSTRAINT delivery_check CHECK (((outcome IS NULL) = (outcome_at IS NULL)))
)
PARTITION BY RANGE (created_at);

ALTER TABLE ONLY public.delivery FORCE ROW LEVEL SECURITY;

CREATE TABLE public.delivery_bot (
    name text NOT NULL,
    next_update bigint DEFAULT 0 NOT NULL,
    heard_at timestamp with time zone,
    holder uuid NOT NULL,
    lease_until timestamp with time zone NOT NULL
);

CREATE TABLE public.delivery_default (
    school_id uuid NOT NULL,
    notice_id uuid NOT NULL,
    token_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    recipient_id uuid NOT NULL,
    channel text NOT NULL,
    lease_until timestamp with time zone NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    outcome text,
    outcome_at timestamp with time zone,
    detail text,
    lane integer DEFAULT 0 NOT NULL,
    held_until timestamp with time zone,
    gathers integer,
    replayed_at timestamp with time zone,
    CONSTRAINT delivery_check CHECK (((outcome IS NULL) = (outcome_at IS NULL)))
);

CREATE TABLE public.delivery_link_code (
    code_hash bytea NOT NULL,
    person_id uuid NOT NULL,
    locale text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT delivery_link_code_code_hash_check CHECK ((length(code_hash) = 32)),
    CONSTRAINT delivery_link_code_locale_check CHECK ((locale = ANY (ARRAY['kk'::text, 'ru'::text, 'en'::text])))
);

ALTER TABLE ONLY public.delivery_link_code FORCE ROW LEVEL SECURITY;

CREATE VIEW public.delivery_v_delivery WITH (security_invoker='true') AS
 SELECT delivery.school_id,
    delivery.notice_id,
    delivery.token_id,
    delivery.created_at,
    delivery.outcome,
    delivery.outcome_at
   FROM public.delivery;

CREATE TABLE public.notice (
    school_id uuid NOT NULL,
    recipient_id uuid NOT NULL,
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    child_id uuid NOT NULL,
    kind text NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    late boolean NOT NULL,
    args jsonb NOT NULL,
    read_at timestamp with time zone
)
PARTITION BY RANGE (created_at);

ALTER TABLE ONLY public.notice FORCE ROW LEVEL SECURITY;

CREATE VIEW public.delivery_v_notice WITH (security_invoker='true') AS
 SELECT notice.school_id,
    notice.recipient_id,
    notice.id,
    notice.created_at,
    notice.child_id,
    notice.kind,
    notice.occurred_at
   FROM public.notice;

CREATE TABLE public.device (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    code text NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    place text DEFAULT ''::text NOT NULL,
    broker_password_hash text NOT NULL,
    registered_at timestamp with time zone NOT NULL,
    retired_at timestamp with time zone,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT device_code_check CHECK ((code ~ '^[a-z0-9]{1,20}$'::text)),
    CONSTRAINT device_kind_check CHECK ((kind = ANY (ARRAY['turnstile'::text, 'till'::text, 'kiosk'::text, 'reader'::text, 'server'::text, 'link'::text]))),
    CONSTRAINT device_name_check CHECK ((name <> ''::text))
);

ALTER TABLE ONLY public.device FORCE ROW LEVEL SECURITY;

CREATE TABLE public.device_cursor (
    school_id uuid NOT NULL,
    device_id uuid NOT NULL,
    store text NOT NULL,
    upto bigint DEFAULT 0 NOT NULL,
    ahead bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT device_cursor_ahead_check CHECK (((array_length(ahead, 1) IS NULL) OR ((array_length(ahead, 1) % 2) = 0))),
    CONSTRAINT device_cursor_upto_check CHECK ((upto >= 0))
)
WITH (fillfactor='50');

ALTER TABLE ONLY public.device_cursor FORCE ROW LEVEL SECURITY;

CREATE TABLE public.device_health (
    school_id uuid NOT NULL,
    device_id uuid NOT NULL,
    status text NOT NULL,
    status_since timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    last_event_at timestamp with time zone,
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
    CONSTRAINT device_health_status_check CHECK ((status = ANY (ARRAY['online'::text, 'offline'::text])))
)
WITH (fillfactor='50');

ALTER TABLE ONLY public.device_health FORCE ROW LEVEL SECURITY;

CREATE TABLE public.device_service (
    school_id uuid NOT NULL,
    device_id uuid NOT NULL,
    from_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.device_service FORCE ROW LEVEL SECURITY;

CREATE TABLE public.document_number (
    school_id uuid NOT NULL,
    kind text NOT NULL,
    last integer NOT NULL,
    CONSTRAINT document_number_last_check CHECK ((last > 0))
);

ALTER TABLE ONLY public.document_number FORCE ROW LEVEL SECURITY;

CREATE TABLE public.downtime (
    school_id uuid NOT NULL,
    device_id uuid NOT NULL,
    began_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    recorded_at timestamp with time zone NOT NULL,
    told_hours smallint DEFAULT 0 NOT NULL,
    taken_at timestamp with time zone,
    CONSTRAINT downtime_check CHECK ((ended_at >= began_at)),
    CONSTRAINT downtime_told_hours_check CHECK ((told_hours = ANY (ARRAY[0, 12, 24, 36, 47])))
);

ALTER TABLE ONLY public.downtime FORCE ROW LEVEL SECURITY;

CREATE VIEW public.engine_v_cursor WITH (security_invoker='true') AS
 SELECT device_cursor.school_id,
    device_cursor.device_id,
    device_cursor.store,
    device_cursor.upto,
    device_cursor.ahead,
    device_cursor.created_at,
    device_cursor.updated_at
   FROM public.device_cursor;

CREATE TABLE public.event (
    school_id uuid NOT NULL,
    device_id uuid NOT NULL,
    store text NOT NULL,
    seq bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    committed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    at timestamp with time zone NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    boot bigint NOT NULL,
    kind text NOT NULL,
    fingerprint bigint NOT NULL,
    late boolean NOT NULL,
    body jsonb NOT NULL,
    CONSTRAINT event_seq_check CHECK ((seq > 0))
)
PARTITION BY RANGE (received_at);

ALTER TABLE ONLY public.event FORCE ROW LEVEL SECURITY;

CREATE VIEW public.engine_v_event WITH (security_invoker='true') AS
 SELECT event.school_id,
    event.device_id,
    event.store,
    event.seq,
    event.received_at,
    event.committed_at,
    event.at,
    event.occurred_at,
    event.kind,
    event.late,
    event.body
   FROM public.event;

CREATE TABLE public.incident (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    key text NOT NULL,
    device_id uuid,
    opened_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL,
    count bigint DEFAULT 1 NOT NULL,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    closed_at timestamp with time zone
);

ALTER TABLE ONLY public.incident FORCE ROW LEVEL SECURITY;

CREATE VIEW public.engine_v_incident WITH (security_invoker='true') AS
 SELECT incident.school_id,
    incident.id,
    incident.kind,
    incident.device_id,
    incident.opened_at,
    incident.last_at,
    incident.count,
    incident.closed_at
   FROM public.incident;

CREATE VIEW public.engine_v_letter WITH (security_invoker='true') AS
 SELECT dead_letter.school_id,
    dead_letter.id,
    dead_letter.received_at,
    dead_letter.reason,
    dead_letter.topic,
    dead_letter.device_id,
    dead_letter.store,
    dead_letter.seq,
    dead_letter.detail,
    dead_letter.payload
   FROM public.dead_letter;

CREATE TABLE public.enrolment (
    school_id uuid NOT NULL,
    pupil_id uuid NOT NULL,
    class_id uuid NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    CONSTRAINT enrolment_check CHECK ((valid_to >= valid_from))
);

ALTER TABLE ONLY public.enrolment FORCE ROW LEVEL SECURITY;

CREATE TABLE public.erasure (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    persons uuid[] NOT NULL,
    left_on date NOT NULL,
    ordered_by uuid NOT NULL,
    ordered_at timestamp with time zone NOT NULL,
    job_id uuid NOT NULL,
    number integer,
    counts jsonb,
    proof jsonb,
    finished_at timestamp with time zone,
    CONSTRAINT erasure_check CHECK ((person_id = ANY (persons))),
    CONSTRAINT erasure_check1 CHECK (((number IS NULL) = (finished_at IS NULL))),
    CONSTRAINT erasure_number_check CHECK ((number > 0))
);

ALTER TABLE ONLY public.erasure FORCE ROW LEVEL SECURITY;

CREATE TABLE public.event_default (
    school_id uuid NOT NULL,
    device_id uuid NOT NULL,
    store text NOT NULL,
    seq bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    committed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    at timestamp with time zone NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    boot bigint NOT NULL,
    kind text NOT NULL,
    fingerprint bigint NOT NULL,
    late boolean NOT NULL,
    body jsonb NOT NULL,
    CONSTRAINT event_seq_check CHECK ((seq > 0))
);

CREATE TABLE public.export (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    about jsonb NOT NULL,
    has_iin boolean NOT NULL,
    file_name text NOT NULL,
    ordered_by uuid NOT NULL,
    ordered_at timestamp with time zone NOT NULL,
    job_id uuid NOT NULL,
    lines integer,
    finished_at timestamp with time zone,
    CONSTRAINT export_file_name_check CHECK ((file_name <> ''::text)),
    CONSTRAINT export_kind_check CHECK ((kind = ANY (ARRAY['oneroster'::text, 'national'::text])))
);

ALTER TABLE ONLY public.export FORCE ROW LEVEL SECURITY;

CREATE TABLE public.export_part (
    school_id uuid NOT NULL,
    export_id uuid NOT NULL,
    n integer NOT NULL,
    sealed bytea NOT NULL,
    CONSTRAINT export_part_n_check CHECK ((n >= 0))
);

ALTER TABLE ONLY public.export_part FORCE ROW LEVEL SECURITY;

CREATE TABLE public.file (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    person_id uuid NOT NULL,
    media_type text NOT NULL,
    size integer NOT NULL,
    sha256 bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by uuid,
    CONSTRAINT file_kind_check CHECK ((kind ~ '^[a-z]+[.][a-z_]+$'::text)),
    CONSTRAINT file_media_type_check CHECK ((media_type = ANY (ARRAY['application/pdf'::text, 'image/jpeg'::text, 'image/png'::text, 'image/webp'::text]))),
    CONSTRAINT file_sha256_check CHECK ((length(sha256) = 32)),
    CONSTRAINT file_size_check CHECK (((size >= 1) AND (size <= ((20 * 1024) * 1024))))
);

ALTER TABLE ONLY public.file FORCE ROW LEVEL SECURITY;

CREATE TABLE public.file_chunk (
    school_id uuid NOT NULL,
    file_id uuid NOT NULL,
    n integer NOT NULL,
    bytes bytea NOT NULL,
    CONSTRAINT file_chunk_bytes_check CHECK (((length(bytes) >= 1) AND (length(bytes) <= (1024 * 1024)))),
    CONSTRAINT file_chunk_n_check CHECK ((n >= 0))
);

ALTER TABLE ONLY public.file_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;

ALTER TABLE ONLY public.file_chunk FORCE ROW LEVEL SECURITY;

CREATE VIEW public.fleet_v_blind_gate WITH (security_invoker='true') AS
 SELECT d.school_id,
    d.id AS device_id
   FROM (public.device d
     JOIN public.device_health h ON (((h.school_id = d.school_id) AND (h.device_id = d.id))))
  WHERE ((d.retired_at IS NULL) AND (d.kind = ANY (ARRAY['turnstile'::text, 'reader'::text, 'kiosk'::text])) AND (h.status = 'offline'::text));

CREATE VIEW public.fleet_v_device WITH (security_invoker='true') AS
 SELECT device.school_id,
    device.id AS device_id,
    device.code,
    device.kind,
    device.name,
    device.place
   FROM public.device;

CREATE VIEW public.fleet_v_gate_offline WITH (security_invoker='true') AS
 SELECT d.school_id,
    d.id AS device_id,
    h.status_since
   FROM (public.device d
     JOIN public.device_health h ON (((h.school_id = d.school_id) AND (h.device_id = d.id))))
  WHERE ((d.retired_at IS NULL) AND (d.kind = ANY (ARRAY['turnstile'::text, 'reader'::text, 'kiosk'::text])) AND (h.status = 'offline'::text));

CREATE VIEW public.identity_v_account WITH (security_invoker='true') AS
 SELECT account.person_id,
    account.signed_in_at,
    account.blocked_at
   FROM public.account;

CREATE VIEW public.identity_v_class_teacher WITH (security_invoker='true') AS
 SELECT g.school_id,
    c.class_id,
    g.person_id,
    g.valid_from,
    g.valid_to
   FROM (public.class_grant g
     CROSS JOIN LATERAL unnest(g.class_ids) c(class_id))
  WHERE (g.role = 'class_teacher'::text);

CREATE VIEW public.identity_v_consent WITH (security_invoker='true') AS
 SELECT l.school_id,
    l.person_id,
    l.purpose,
    (array_agg(w.act ORDER BY (w.act = 'given'::text), w.at DESC, w.id DESC))[1] AS state,
    (array_agg(w.at ORDER BY (w.act = 'given'::text), w.at DESC, w.id DESC))[1] AS since
   FROM (( SELECT DISTINCT ON (consent.school_id, consent.person_id, consent.purpose) consent.school_id,
            consent.person_id,
            consent.purpose,
            consent.voters
           FROM public.consent
          ORDER BY consent.school_id, consent.person_id, consent.purpose, consent.at DESC, consent.id DESC) l
     JOIN ( SELECT DISTINCT ON (consent.school_id, consent.person_id, consent.purpose, consent.by_person) consent.school_id,
            consent.person_id,
            consent.purpose,
            consent.by_person,
            consent.act,
            consent.at,
            consent.id
           FROM public.consent
          ORDER BY consent.school_id, consent.person_id, consent.purpose, consent.by_person, consent.at DESC, consent.id DESC) w ON (((w.school_id = l.school_id) AND (w.person_id = l.person_id) AND (w.purpose = l.purpose) AND (w.by_person = ANY (l.voters)))))
  GROUP BY l.school_id, l.person_id, l.purpose;

CREATE VIEW public.identity_v_consent_stop WITH (security_invoker='true') AS
 SELECT consent_stop.school_id,
    consent_stop.person_id,
    consent_stop.purpose,
    consent_stop.since,
    consent_stop.until,
    consent_stop.changed_at
   FROM public.consent_stop;

CREATE VIEW public.identity_v_day_off WITH (security_invoker='true') AS
 SELECT day_off.day,
    day_off.basis
   FROM public.day_off;

CREATE TABLE public.role_grant (
    school_id uuid NOT NULL,
    person_id uuid NOT NULL,
    role text NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_to timestamp with time zone,
    CONSTRAINT role_grant_check CHECK ((valid_to >= valid_from)),
    CONSTRAINT role_grant_role_check CHECK ((role <> ''::text))
);

ALTER TABLE ONLY public.role_grant FORCE ROW LEVEL SECURITY;

CREATE TABLE public.school_role_grant (
    school_id uuid NOT NULL,
    role_id uuid NOT NULL,
    person_id uuid NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_to timestamp with time zone,
    CONSTRAINT school_role_grant_check CHECK ((valid_to >= valid_from))
);

ALTER TABLE ONLY public.school_role_grant FORCE ROW LEVEL SECURITY;

CREATE VIEW public.identity_v_held WITH (security_invoker='true') AS
 SELECT role_grant.school_id,
    role_grant.person_id,
    role_grant.role,
    role_grant.valid_from,
    role_grant.valid_to
   FROM public.role_grant
UNION ALL
 SELECT school_role_grant.school_id,
    school_role_grant.person_id,
    'own'::text AS role,
    school_role_grant.valid_from,
    school_role_grant.valid_to
   FROM public.school_role_grant
UNION ALL
 SELECT class_grant.school_id,
    class_grant.person_id,
    COALESCE(class_grant.role, 'own'::text) AS role,
    class_grant.valid_from,
    class_grant.valid_to
   FROM public.class_grant;

CREATE TABLE public.invitation (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    guardian_id uuid NOT NULL,
    code_hash bytea NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    CONSTRAINT invitation_code_hash_check CHECK ((length(code_hash) = 32))
);

ALTER TABLE ONLY public.invitation FORCE ROW LEVEL SECURITY;

CREATE VIEW public.identity_v_invited WITH (security_invoker='true') AS
 SELECT invitation.school_id,
    invitation.guardian_id,
    invitation.expires_at
   FROM public.invitation
  WHERE ((invitation.used_at IS NULL) AND (invitation.revoked_at IS NULL));

CREATE VIEW public.identity_v_office WITH (security_invoker='true') AS
 SELECT role_grant.school_id,
    role_grant.person_id,
    role_grant.valid_from,
    role_grant.valid_to
   FROM public.role_grant
UNION ALL
 SELECT school_role_grant.school_id,
    school_role_grant.person_id,
    school_role_grant.valid_from,
    school_role_grant.valid_to
   FROM public.school_role_grant
UNION ALL
 SELECT class_grant.school_id,
    class_grant.person_id,
    class_grant.valid_from,
    class_grant.valid_to
   FROM public.class_grant;

CREATE TABLE public.import (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    file_name text NOT NULL,
    state text NOT NULL,
    sheets jsonb NOT NULL,
    sheet integer NOT NULL,
    header integer,
    columns jsonb DEFAULT '{}'::jsonb NOT NULL,
    counts jsonb DEFAULT '{}'::jsonb NOT NULL,
    classes uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    began_at timestamp with time zone,
    job_id uuid,
    finished_at timestamp with time zone,
    undone_at timestamp with time zone,
    CONSTRAINT import_header_check CHECK ((header > 0)),
    CONSTRAINT import_kind_check CHECK ((kind = ANY (ARRAY['pupils'::text, 'staff'::text]))),
    CONSTRAINT import_sheet_check CHECK ((sheet >= 0)),
    CONSTRAINT import_state_check CHECK ((state = ANY (ARRAY['read'::text, 'mapped'::text, 'running'::text, 'done'::text, 'undoing'::text, 'undone'::text])))
);

ALTER TABLE ONLY public.import FORCE ROW LEVEL SECURITY;

CREATE TABLE public.import_line (
    school_id uuid NOT NULL,
    import_id uuid NOT NULL,
    sheet integer NOT NULL,
    n integer NOT NULL,
    sealed bytea NOT NULL,
    CONSTRAINT import_line_n_check CHECK ((n > 0))
);

ALTER TABLE ONLY public.import_line FORCE ROW LEVEL SECURITY;

CREATE TABLE public.import_mapping (
    school_id uuid NOT NULL,
    kind text NOT NULL,
    fingerprint text NOT NULL,
    columns jsonb NOT NULL,
    used_at timestamp with time zone NOT NULL,
    CONSTRAINT import_mapping_kind_check CHECK ((kind = ANY (ARRAY['pupils'::text, 'staff'::text])))
);

ALTER TABLE ONLY public.import_mapping FORCE ROW LEVEL SECURITY;

CREATE TABLE public.import_row (
    school_id uuid NOT NULL,
    import_id uuid NOT NULL,
    n integer NOT NULL,
    verdict text NOT NULL,
    has_warning boolean NOT NULL,
    person_id uuid,
    sealed bytea NOT NULL,
    outcome text,
    CONSTRAINT import_row_n_check CHECK ((n > 0)),
    CONSTRAINT import_row_outcome_check CHECK ((outcome = ANY (ARRAY['brought'::text, 'left'::text, 'undone'::text, 'kept'::text]))),
    CONSTRAINT import_row_verdict_check CHECK ((verdict = ANY (ARRAY['new'::text, 'changed'::text, 'same'::text, 'wrong'::text, 'skipped'::text])))
);

ALTER TABLE ONLY public.import_row FORCE ROW LEVEL SECURITY;

CREATE TABLE public.job (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    key text NOT NULL,
    due_at timestamp with time zone,
    body jsonb DEFAULT '{}'::jsonb NOT NULL,
    state jsonb DEFAULT '{}'::jsonb NOT NULL,
    ordered_by uuid,
    created_at timestamp with time zone NOT NULL,
    run_at timestamp with time zone NOT NULL,
    lease_until timestamp with time zone,
    epoch integer DEFAULT 0 NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    done bigint DEFAULT 0 NOT NULL,
    total bigint,
    result jsonb,
    error text,
    outcome text,
    finished_at timestamp with time zone,
    CONSTRAINT job_check CHECK (((outcome IS NULL) = (finished_at IS NULL))),
    CONSTRAINT job_done_check CHECK ((done >= 0)),
    CONSTRAINT job_kind_check CHECK ((kind ~ '^[a-z_]+[.][a-z_]+$'::text)),
    CONSTRAINT job_outcome_check CHECK ((outcome = ANY (ARRAY['done'::text, 'failed'::text]))),
    CONSTRAINT job_total_check CHECK ((total >= 0))
);

ALTER TABLE ONLY public.job FORCE ROW LEVEL SECURITY;

CREATE TABLE public.kinship (
    school_id uuid NOT NULL,
    pupil_id uuid NOT NULL,
    guardian_id uuid NOT NULL,
    kind text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    movement_id uuid,
    CONSTRAINT kinship_check CHECK ((valid_to >= valid_from)),
    CONSTRAINT kinship_kind_check CHECK ((kind = ANY (ARRAY['mother'::text, 'father'::text, 'grandparent'::text, 'legal_representative'::text, 'other'::text])))
);

ALTER TABLE ONLY public.kinship FORCE ROW LEVEL SECURITY;

CREATE TABLE public.maintenance (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    device_id uuid,
    from_at timestamp with time zone NOT NULL,
    to_at timestamp with time zone NOT NULL,
    reason text NOT NULL,
    planned_at timestamp with time zone NOT NULL,
    called_off_at timestamp with time zone,
    CONSTRAINT maintenance_check CHECK (((from_at < to_at) AND (to_at <= (from_at + '24:00:00'::interval)))),
    CONSTRAINT maintenance_check1 CHECK ((planned_at <= from_at)),
    CONSTRAINT maintenance_reason_check CHECK ((reason <> ''::text))
);

ALTER TABLE ONLY public.maintenance FORCE ROW LEVEL SECURITY;

CREATE TABLE public.meal (
    school_id uuid NOT NULL,
    person_id uuid NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    device_id uuid NOT NULL,
    store text NOT NULL,
    seq bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    item text NOT NULL,
    price_tiyn bigint NOT NULL,
    late boolean NOT NULL,
    CONSTRAINT meal_price_tiyn_check CHECK ((price_tiyn >= 0))
)
PARTITION BY RANGE (received_at);

ALTER TABLE ONLY public.meal FORCE ROW LEVEL SECURITY;

CREATE TABLE public.meal_default (
    school_id uuid NOT NULL,
    person_id uuid NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    device_id uuid NOT NULL,
    store text NOT NULL,
    seq bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    item text NOT NULL,
    price_tiyn bigint NOT NULL,
    late boolean NOT NULL,
    CONSTRAINT meal_price_tiyn_check CHECK ((price_tiyn >= 0))
);

CREATE TABLE public.missing_arrival (
    school_id uuid NOT NULL,
    day date NOT NULL,
    pupil_id uuid NOT NULL,
    shift smallint NOT NULL,
    due_at timestamp with time zone NOT NULL,
    told_at timestamp with time zone NOT NULL,
    CONSTRAINT missing_arrival_shift_check CHECK (((shift >= 1) AND (shift <= 3)))
);

ALTER TABLE ONLY public.missing_arrival FORCE ROW LEVEL SECURITY;

CREATE TABLE public.movement (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    pupil_id uuid NOT NULL,
    kind text NOT NULL,
    on_date date NOT NULL,
    from_class uuid,
    to_class uuid,
    reason text,
    place text,
    other_school uuid,
    order_id uuid,
    rollover_id uuid,
    made_at timestamp with time zone NOT NULL,
    made_by uuid,
    undone_at timestamp with time zone,
    undone_by uuid,
    CONSTRAINT movement_check CHECK (((kind = 'departure'::text) = (to_class IS NULL))),
    CONSTRAINT movement_check1 CHECK (((kind = ANY (ARRAY['arrival'::text, 'return'::text])) = (from_class IS NULL))),
    CONSTRAINT movement_kind_check CHECK ((kind = ANY (ARRAY['arrival'::text, 'departure'::text, 'class_change'::text, 'promotion'::text, 'repeat'::text, 'return'::text]))),
    CONSTRAINT movement_place_check CHECK ((place <> ''::text)),
    CONSTRAINT movement_reason_check CHECK ((reason <> ''::text))
);

ALTER TABLE ONLY public.movement FORCE ROW LEVEL SECURITY;

CREATE TABLE public.notice_default (
    school_id uuid NOT NULL,
    recipient_id uuid NOT NULL,
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    child_id uuid NOT NULL,
    kind text NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    late boolean NOT NULL,
    args jsonb NOT NULL,
    read_at timestamp with time zone
);

CREATE TABLE public.notice_hours (
    school_id uuid NOT NULL,
    guardian_id uuid NOT NULL,
    quiet_from integer,
    quiet_to integer,
    alarms text DEFAULT 'pass'::text NOT NULL,
    digest_at integer,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT notice_hours_alarms_check CHECK ((alarms = ANY (ARRAY['pass'::text, 'wait'::text]))),
    CONSTRAINT notice_hours_check CHECK (((quiet_from IS NULL) = (quiet_to IS NULL))),
    CONSTRAINT notice_hours_check1 CHECK ((quiet_from <> quiet_to)),
    CONSTRAINT notice_hours_digest_at_check CHECK (((digest_at >= 0) AND (digest_at <= 1439))),
    CONSTRAINT notice_hours_quiet_from_check CHECK (((quiet_from >= 0) AND (quiet_from <= 1439))),
    CONSTRAINT notice_hours_quiet_to_check CHECK (((quiet_to >= 0) AND (quiet_to <= 1439)))
);

ALTER TABLE ONLY public.notice_hours FORCE ROW LEVEL SECURITY;

CREATE TABLE public.notice_switch (
    school_id uuid NOT NULL,
    guardian_id uuid NOT NULL,
    child_id uuid NOT NULL,
    kind text NOT NULL,
    push text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    mail text,
    telegram text,
    CONSTRAINT notice_switch_mail_check CHECK ((mail = ANY (ARRAY['on'::text, 'off'::text]))),
    CONSTRAINT notice_switch_push_check CHECK ((push = ANY (ARRAY['on'::text, 'off'::text]))),
    CONSTRAINT notice_switch_telegram_check CHECK ((telegram = ANY (ARRAY['on'::text, 'off'::text])))
);

ALTER TABLE ONLY public.notice_switch FORCE ROW LEVEL SECURITY;

CREATE TABLE public.oneroster_id (
    school_id uuid NOT NULL,
    system text NOT NULL,
    sourced_id text NOT NULL,
    person_id uuid NOT NULL,
    CONSTRAINT oneroster_id_sourced_id_check CHECK ((sourced_id <> ''::text))
);

ALTER TABLE ONLY public.oneroster_id FORCE ROW LEVEL SECURITY;

CREATE TABLE public.order_number (
    school_id uuid NOT NULL,
    kind text NOT NULL,
    year smallint NOT NULL,
    last integer NOT NULL,
    CONSTRAINT order_number_last_check CHECK ((last > 0))
);

ALTER TABLE ONLY public.order_number FORCE ROW LEVEL SECURITY;

CREATE TABLE public.organisation (
    id uuid NOT NULL,
    parent_id uuid,
    kind text NOT NULL,
    code text NOT NULL,
    name_kk text NOT NULL,
    name_ru text NOT NULL,
    name_en text NOT NULL,
    zone text DEFAULT 'Asia/Almaty'::text NOT NULL,
    shard smallint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT organisation_code_check CHECK ((code ~ '^[a-z0-9]{1,20}$'::text)),
    CONSTRAINT organisation_kind_check CHECK ((kind = ANY (ARRAY['school'::text, 'district'::text, 'region'::text, 'ministry'::text, 'supplier'::text]))),
    CONSTRAINT organisation_shard_check CHECK (((shard >= 0) AND (shard <= 63)))
);

CREATE TABLE public.pass (
    school_id uuid NOT NULL,
    person_id uuid NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    device_id uuid NOT NULL,
    store text NOT NULL,
    seq bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    direction text NOT NULL,
    method text NOT NULL,
    late boolean NOT NULL,
    CONSTRAINT pass_direction_check CHECK ((direction = ANY (ARRAY['in'::text, 'out'::text]))),
    CONSTRAINT pass_method_check CHECK ((method = ANY (ARRAY['card'::text, 'manual'::text])))
)
PARTITION BY RANGE (received_at);

ALTER TABLE ONLY public.pass FORCE ROW LEVEL SECURITY;

CREATE TABLE public.pass_default (
    school_id uuid NOT NULL,
    person_id uuid NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    device_id uuid NOT NULL,
    store text NOT NULL,
    seq bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    direction text NOT NULL,
    method text NOT NULL,
    late boolean NOT NULL,
    CONSTRAINT pass_direction_check CHECK ((direction = ANY (ARRAY['in'::text, 'out'::text]))),
    CONSTRAINT pass_method_check CHECK ((method = ANY (ARRAY['card'::text, 'manual'::text])))
);

CREATE TABLE public.pension_age (
    sex text NOT NULL,
    valid_from date NOT NULL,
    months smallint NOT NULL,
    basis text NOT NULL,
    is_verified boolean DEFAULT false NOT NULL,
    CONSTRAINT pension_age_months_check CHECK (((months >= 600) AND (months <= 900))),
    CONSTRAINT pension_age_sex_check CHECK ((sex = ANY (ARRAY['m'::text, 'f'::text])))
);

CREATE TABLE public.school_person (
    school_id uuid NOT NULL,
    person_id uuid NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    movement_id uuid,
    CONSTRAINT school_person_check CHECK ((valid_to >= valid_from))
);

ALTER TABLE ONLY public.school_person FORCE ROW LEVEL SECURITY;

CREATE VIEW public.people_v_adult WITH (security_invoker='true') AS
 SELECT school_person.school_id,
    school_person.person_id
   FROM public.school_person
  WHERE (school_person.valid_to IS NULL)
EXCEPT
 SELECT enrolment.school_id,
    enrolment.pupil_id AS person_id
   FROM public.enrolment
  WHERE (enrolment.valid_to IS NULL);

CREATE TABLE public.person (
    id uuid NOT NULL,
    surname text NOT NULL,
    given_name text NOT NULL,
    patronymic text,
    birth_date date,
    locale text DEFAULT 'kk'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    sex text,
    CONSTRAINT person_given_name_check CHECK ((given_name <> ''::text)),
    CONSTRAINT person_locale_check CHECK ((locale = ANY (ARRAY['kk'::text, 'ru'::text, 'en'::text]))),
    CONSTRAINT person_patronymic_check CHECK ((patronymic <> ''::text)),
    CONSTRAINT person_sex_check CHECK ((sex = ANY (ARRAY['m'::text, 'f'::text]))),
    CONSTRAINT person_surname_check CHECK ((surname <> ''::text))
);

ALTER TABLE ONLY public.person FORCE ROW LEVEL SECURITY;

CREATE VIEW public.people_v_belonging WITH (security_invoker='true') AS
 SELECT m.school_id,
    m.person_id,
    m.valid_from,
    m.valid_to,
    p.surname,
    p.given_name,
    p.patronymic
   FROM (public.school_person m
     JOIN public.person p ON ((p.id = m.person_id)));

CREATE VIEW public.people_v_building WITH (security_invoker='true') AS
 SELECT b.school_id,
    b.id AS building_id,
    b.name_kk,
    b.name_ru,
    b.sort,
    b.valid_from,
    b.valid_to
   FROM public.building b
  WHERE (NOT (EXISTS ( SELECT
           FROM public.building n
          WHERE ((n.school_id = b.school_id) AND (n.id = b.id) AND (n.version > b.version)))));

CREATE TABLE public.school_class (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    grade smallint NOT NULL,
    letter text NOT NULL,
    language text NOT NULL,
    shift smallint DEFAULT 1 NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    kind text DEFAULT 'ordinary'::text NOT NULL,
    profile text DEFAULT 'general'::text NOT NULL,
    year smallint DEFAULT (EXTRACT(year FROM (now() - '6 mons'::interval)))::smallint NOT NULL,
    home_building_id uuid,
    home_room text,
    CONSTRAINT school_class_check CHECK ((valid_to >= valid_from)),
    CONSTRAINT school_class_grade_check CHECK (((grade >= 0) AND (grade <= 12))),
    CONSTRAINT school_class_home_room_check CHECK (((home_room <> ''::text) AND (char_length(home_room) <= 40))),
    CONSTRAINT school_class_kind_check CHECK ((kind = ANY (ARRAY['ordinary'::text, 'special'::text, 'correction'::text, 'inclusive'::text, 'home'::text, 'combined'::text]))),
    CONSTRAINT school_class_language_check CHECK ((language = ANY (ARRAY['kk'::text, 'ru'::text, 'ug'::text, 'uz'::text, 'tg'::text]))),
    CONSTRAINT school_class_letter_check CHECK ((letter <> ''::text)),
    CONSTRAINT school_class_profile_check CHECK ((profile = ANY (ARRAY['general'::text, 'gymnasium'::text, 'lyceum'::text, 'science'::text, 'humanities'::text]))),
    CONSTRAINT school_class_shift_check CHECK (((shift >= 1) AND (shift <= 3)))
);

ALTER TABLE ONLY public.school_class FORCE ROW LEVEL SECURITY;

CREATE VIEW public.people_v_class WITH (security_invoker='true') AS
 SELECT school_class.school_id,
    school_class.id AS class_id,
    school_class.grade,
    school_class.letter,
    (school_class.grade || school_class.letter) AS class_label
   FROM public.school_class
  WHERE (school_class.valid_to IS NULL);

CREATE VIEW public.people_v_class_time WITH (security_invoker='true') AS
 SELECT enrolment.school_id,
    enrolment.pupil_id,
    enrolment.class_id,
    enrolment.valid_from,
    enrolment.valid_to
   FROM public.enrolment;

CREATE VIEW public.people_v_kinship WITH (security_invoker='true') AS
 SELECT k.school_id,
    k.pupil_id,
    k.guardian_id,
    k.valid_from,
    k.valid_to
   FROM public.kinship k
  WHERE (NOT (EXISTS ( SELECT
           FROM (public.custody_limit l
             JOIN public.organisation o ON ((o.id = l.school_id)))
          WHERE ((l.school_id = k.school_id) AND (l.pupil_id = k.pupil_id) AND (l.guardian_id = k.guardian_id) AND l.no_data AND (l.ended_at IS NULL) AND (l.valid_from <= ((now() AT TIME ZONE o.zone))::date) AND ((l.valid_to IS NULL) OR (l.valid_to >= ((now() AT TIME ZONE o.zone))::date))))));

CREATE VIEW public.people_v_member WITH (security_invoker='true') AS
 SELECT m.school_id,
    m.person_id,
    p.surname,
    p.given_name,
    e.class_id,
    k.grade,
    k.letter,
    (k.grade || k.letter) AS class_label
   FROM (((public.school_person m
     JOIN public.person p ON ((p.id = m.person_id)))
     LEFT JOIN public.enrolment e ON (((e.school_id = m.school_id) AND (e.pupil_id = m.person_id) AND (e.valid_to IS NULL))))
     LEFT JOIN public.school_class k ON (((k.school_id = e.school_id) AND (k.id = e.class_id))))
  WHERE (m.valid_to IS NULL);

CREATE VIEW public.people_v_name WITH (security_invoker='true') AS
 SELECT person.id AS person_id,
    person.surname,
    person.given_name,
    person.birth_date
   FROM public.person;

CREATE VIEW public.people_v_organisation WITH (security_invoker='true') AS
 SELECT organisation.id,
    organisation.parent_id,
    organisation.kind,
    organisation.code,
    organisation.name_kk,
    organisation.name_ru,
    organisation.name_en,
    organisation.zone,
    organisation.shard
   FROM public.organisation;

CREATE TABLE public.person_value (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    field text NOT NULL,
    value text,
    valid_from date,
    valid_to date,
    set_by uuid,
    set_at timestamp with time zone,
    ended_how text,
    reason text,
    ended_by uuid,
    ended_at timestamp with time zone,
    CONSTRAINT person_value_check CHECK ((valid_to >= valid_from)),
    CONSTRAINT person_value_check1 CHECK (((ended_at IS NULL) = (ended_how IS NULL))),
    CONSTRAINT person_value_check2 CHECK (((ended_how <> 'corrected'::text) OR (reason IS NOT NULL))),
    CONSTRAINT person_value_ended_how_check CHECK ((ended_how = ANY (ARRAY['changed'::text, 'corrected'::text]))),
    CONSTRAINT person_value_field_check CHECK ((field = ANY (ARRAY['surname'::text, 'given_name'::text, 'patronymic'::text, 'birth_date'::text, 'sex'::text, 'locale'::text, 'citizenship'::text, 'home_language'::text, 'address'::text, 'phone'::text, 'email'::text]))),
    CONSTRAINT person_value_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT person_value_value_check CHECK ((value <> ''::text))
);

ALTER TABLE ONLY public.person_value FORCE ROW LEVEL SECURITY;

CREATE VIEW public.people_v_phone WITH (security_invoker='true') AS
 SELECT person_value.school_id,
    person_value.person_id,
    person_value.value AS phone
   FROM public.person_value
  WHERE ((person_value.field = 'phone'::text) AND (person_value.ended_at IS NULL) AND (person_value.value IS NOT NULL));

CREATE TABLE public.pupil_photo (
    school_id uuid NOT NULL,
    pupil_id uuid NOT NULL,
    file_id uuid NOT NULL,
    small_id uuid NOT NULL,
    added_at timestamp with time zone NOT NULL,
    added_by uuid NOT NULL
);

ALTER TABLE ONLY public.pupil_photo FORCE ROW LEVEL SECURITY;

CREATE VIEW public.people_v_photo WITH (security_invoker='true') AS
 SELECT f.school_id,
    f.pupil_id,
    f.file_id,
    f.small_id,
    f.added_at
   FROM public.pupil_photo f
  WHERE (NOT (EXISTS ( SELECT
           FROM public.identity_v_consent_stop s
          WHERE ((s.school_id = f.school_id) AND (s.person_id = f.pupil_id) AND (s.purpose = 'photos'::text) AND (s.until IS NULL)))));

CREATE VIEW public.people_v_pupil WITH (security_invoker='true') AS
 SELECT e.school_id,
    e.pupil_id,
    p.surname,
    p.given_name,
    p.patronymic,
    e.class_id,
    k.grade,
    k.letter,
    (k.grade || k.letter) AS class_label
   FROM ((public.enrolment e
     JOIN public.person p ON ((p.id = e.pupil_id)))
     JOIN public.school_class k ON (((k.school_id = e.school_id) AND (k.id = e.class_id))))
  WHERE (e.valid_to IS NULL);

CREATE VIEW public.people_v_pupil_class WITH (security_invoker='true') AS
 SELECT e.school_id,
    e.pupil_id,
    e.class_id,
    k.grade,
    k.letter,
    (k.grade || k.letter) AS class_label
   FROM (public.enrolment e
     JOIN public.school_class k ON (((k.school_id = e.school_id) AND (k.id = e.class_id))))
  WHERE (e.valid_to IS NULL);

CREATE VIEW public.people_v_schooling WITH (security_invoker='true') AS
 SELECT enrolment.school_id,
    enrolment.pupil_id,
    enrolment.valid_from,
    enrolment.valid_to
   FROM public.enrolment;

CREATE TABLE public.person_iin (
    person_id uuid NOT NULL,
    lookup bytea NOT NULL,
    sealed bytea NOT NULL,
    held boolean DEFAULT true NOT NULL,
    set_at timestamp with time zone NOT NULL,
    set_by uuid,
    CONSTRAINT person_iin_lookup_check CHECK ((length(lookup) = 32))
);

ALTER TABLE ONLY public.person_iin FORCE ROW LEVEL SECURITY;

CREATE TABLE public.person_merge (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    kept_id uuid NOT NULL,
    gone_id uuid NOT NULL,
    merged_by uuid NOT NULL,
    merged_at timestamp with time zone NOT NULL,
    before jsonb,
    after jsonb,
    undone_by uuid,
    undone_at timestamp with time zone,
    CONSTRAINT person_merge_check CHECK ((kept_id <> gone_id)),
    CONSTRAINT person_merge_check1 CHECK (((undone_at IS NULL) = (undone_by IS NULL)))
);

ALTER TABLE ONLY public.person_merge FORCE ROW LEVEL SECURITY;

CREATE TABLE public.person_merge_row (
    school_id uuid NOT NULL,
    merge_id uuid NOT NULL,
    n integer NOT NULL,
    relation text NOT NULL,
    col text NOT NULL,
    before jsonb NOT NULL,
    after jsonb
);

ALTER TABLE ONLY public.person_merge_row FORCE ROW LEVEL SECURITY;

CREATE TABLE public.person_pair (
    school_id uuid NOT NULL,
    first_id uuid NOT NULL,
    second_id uuid NOT NULL,
    said_by uuid NOT NULL,
    said_at timestamp with time zone NOT NULL,
    CONSTRAINT person_pair_check CHECK ((first_id < second_id))
);

ALTER TABLE ONLY public.person_pair FORCE ROW LEVEL SECURITY;

CREATE TABLE public.presence (
    school_id uuid NOT NULL,
    person_id uuid NOT NULL,
    direction text NOT NULL,
    since timestamp with time zone NOT NULL,
    device_id uuid NOT NULL,
    store text NOT NULL,
    seq bigint NOT NULL,
    CONSTRAINT presence_direction_check CHECK ((direction = ANY (ARRAY['in'::text, 'out'::text])))
)
WITH (fillfactor='70');

ALTER TABLE ONLY public.presence FORCE ROW LEVEL SECURITY;

CREATE TABLE public.push_token (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    channel text NOT NULL,
    token text NOT NULL,
    locale text NOT NULL,
    registered_at timestamp with time zone NOT NULL,
    removed_at timestamp with time zone,
    removed_reason text,
    label text DEFAULT ''::text NOT NULL,
    CONSTRAINT push_token_channel_check CHECK ((channel ~ '^[a-z][a-z_]{1,15}$'::text)),
    CONSTRAINT push_token_check CHECK (((removed_at IS NULL) = (removed_reason IS NULL))),
    CONSTRAINT push_token_label_check CHECK ((length(label) <= 80)),
    CONSTRAINT push_token_locale_check CHECK ((locale = ANY (ARRAY['kk'::text, 'ru'::text, 'en'::text])))
);

ALTER TABLE ONLY public.push_token FORCE ROW LEVEL SECURITY;

CREATE TABLE public.retention_rule (
    what text NOT NULL,
    valid_from date NOT NULL,
    keep_months integer NOT NULL,
    basis text NOT NULL,
    source text NOT NULL,
    CONSTRAINT retention_rule_keep_months_check CHECK ((keep_months > 0)),
    CONSTRAINT retention_rule_source_check CHECK ((source = ANY (ARRAY['law'::text, 'ours'::text]))),
    CONSTRAINT retention_rule_what_check CHECK ((what ~ '^[a-z_]+$'::text))
);

CREATE TABLE public.retention_run (
    id uuid NOT NULL,
    what text NOT NULL,
    ran_at timestamp with time zone NOT NULL,
    older_than timestamp with time zone NOT NULL,
    removed bigint NOT NULL,
    parts integer NOT NULL,
    CONSTRAINT retention_run_parts_check CHECK ((parts >= 0)),
    CONSTRAINT retention_run_removed_check CHECK ((removed >= 0))
);

CREATE TABLE public.role_right_switch (
    school_id uuid NOT NULL,
    role text NOT NULL,
    right_name text NOT NULL,
    is_on boolean NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT role_right_switch_right_name_check CHECK ((right_name <> ''::text)),
    CONSTRAINT role_right_switch_role_check CHECK ((role <> ''::text))
);

ALTER TABLE ONLY public.role_right_switch FORCE ROW LEVEL SECURITY;

CREATE TABLE public.rollover (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    year smallint NOT NULL,
    on_date date NOT NULL,
    order_id uuid NOT NULL,
    closed_classes uuid[] NOT NULL,
    made_classes uuid[] NOT NULL,
    made_at timestamp with time zone NOT NULL,
    made_by uuid,
    undone_at timestamp with time zone,
    undone_by uuid,
    CONSTRAINT rollover_year_check CHECK (((year >= 1990) AND (year <= 2100)))
);

ALTER TABLE ONLY public.rollover FORCE ROW LEVEL SECURITY;

CREATE VIEW public.safety_v_card WITH (security_invoker='true') AS
 SELECT c.school_id,
    c.person_id,
    c.code,
    c.valid_from
   FROM public.card c
  WHERE ((c.valid_to IS NULL) AND (NOT (EXISTS ( SELECT
           FROM public.card_block b
          WHERE ((b.school_id = c.school_id) AND (b.card_id = c.id) AND (b.lifted_at IS NULL))))));

CREATE VIEW public.safety_v_card_held WITH (security_invoker='true') AS
 SELECT card.school_id,
    card.person_id,
    card.code,
    card.valid_from,
    card.valid_to
   FROM public.card;

CREATE VIEW public.safety_v_excused WITH (security_invoker='true') AS
 SELECT absence_note.school_id,
    absence_note.child_id,
    absence_note.from_day,
    absence_note.to_day,
    absence_note.reason,
    absence_note.said_at
   FROM public.absence_note
  WHERE (absence_note.withdrawn_at IS NULL);

CREATE VIEW public.safety_v_presence WITH (security_invoker='true') AS
 SELECT p.school_id,
    p.person_id,
    p.direction,
    p.since,
    p.device_id
   FROM public.presence p
  WHERE (NOT (EXISTS ( SELECT
           FROM public.identity_v_consent_stop s
          WHERE ((s.school_id = p.school_id) AND (s.person_id = p.person_id) AND (s.purpose = 'card_gate'::text) AND ((s.until IS NULL) OR (p.since < s.until))))));

CREATE VIEW public.safety_v_record WITH (security_invoker='true') AS
 SELECT p.school_id,
    p.person_id,
    p.occurred_at,
    p.received_at,
    p.device_id,
    p.store,
    p.seq,
    p.direction AS kind,
    p.late,
    NULL::text AS item,
    NULL::bigint AS price_tiyn,
    p.method
   FROM public.pass p
  WHERE (NOT (EXISTS ( SELECT
           FROM public.identity_v_consent_stop s
          WHERE ((s.school_id = p.school_id) AND (s.person_id = p.person_id) AND (s.purpose = 'card_gate'::text) AND (s.until IS NULL)))))
UNION ALL
 SELECT m.school_id,
    m.person_id,
    m.occurred_at,
    m.received_at,
    m.device_id,
    m.store,
    m.seq,
    'meal'::text AS kind,
    m.late,
    m.item,
    m.price_tiyn,
    NULL::text AS method
   FROM public.meal m
  WHERE (NOT (EXISTS ( SELECT
           FROM public.identity_v_consent_stop s
          WHERE ((s.school_id = m.school_id) AND (s.person_id = m.person_id) AND (s.purpose = 'meals'::text) AND (s.until IS NULL)))));

CREATE VIEW public.safety_v_watched WITH (security_invoker='true') AS
 SELECT e.school_id,
    e.pupil_id,
    e.class_id,
    e.valid_from,
    k.grade,
    k.shift
   FROM (public.enrolment e
     JOIN public.school_class k ON (((k.school_id = e.school_id) AND (k.id = e.class_id) AND (k.kind <> 'home'::text))))
  WHERE ((e.valid_to IS NULL) AND (EXISTS ( SELECT
           FROM public.safety_v_card c
          WHERE ((c.school_id = e.school_id) AND (c.person_id = e.pupil_id)))) AND (NOT (EXISTS ( SELECT
           FROM public.identity_v_consent_stop s
          WHERE ((s.school_id = e.school_id) AND (s.person_id = e.pupil_id) AND (s.purpose = ANY (ARRAY['card_gate'::text, 'register'::text])) AND (s.until IS NULL))))));

CREATE TABLE public.school_day (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    day date NOT NULL,
    kind text NOT NULL,
    reason text NOT NULL,
    set_at timestamp with time zone NOT NULL,
    set_by uuid,
    removed_at timestamp with time zone,
    removed_by uuid,
    CONSTRAINT school_day_kind_check CHECK ((kind = ANY (ARRAY['off'::text, 'on'::text]))),
    CONSTRAINT school_day_reason_check CHECK ((reason <> ''::text))
);

ALTER TABLE ONLY public.school_day FORCE ROW LEVEL SECURITY;

CREATE TABLE public.school_norm (
    school_id uuid NOT NULL,
    last_grade smallint NOT NULL,
    week_days smallint NOT NULL,
    set_at timestamp with time zone NOT NULL,
    set_by uuid,
    CONSTRAINT school_norm_last_grade_check CHECK (((last_grade >= 4) AND (last_grade <= 12))),
    CONSTRAINT school_norm_week_days_check CHECK ((week_days = ANY (ARRAY[5, 6])))
);

ALTER TABLE ONLY public.school_norm FORCE ROW LEVEL SECURITY;

CREATE TABLE public.school_order (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    year smallint NOT NULL,
    number integer NOT NULL,
    dated date NOT NULL,
    made_at timestamp with time zone NOT NULL,
    made_by uuid,
    cancelled_at timestamp with time zone,
    cancelled_by uuid,
    CONSTRAINT school_order_kind_check CHECK ((kind = ANY (ARRAY['admission'::text, 'departure'::text, 'class_change'::text, 'rollover'::text]))),
    CONSTRAINT school_order_number_check CHECK ((number > 0)),
    CONSTRAINT school_order_year_check CHECK (((year >= 1990) AND (year <= 2100)))
);

ALTER TABLE ONLY public.school_order FORCE ROW LEVEL SECURITY;

CREATE TABLE public.school_role (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    name_kk text NOT NULL,
    name_ru text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    name_en text,
    CONSTRAINT school_role_name_en_check CHECK ((name_en <> ''::text)),
    CONSTRAINT school_role_name_kk_check CHECK ((name_kk <> ''::text)),
    CONSTRAINT school_role_name_ru_check CHECK ((name_ru <> ''::text))
);

ALTER TABLE ONLY public.school_role FORCE ROW LEVEL SECURITY;

CREATE TABLE public.school_role_right (
    school_id uuid NOT NULL,
    role_id uuid NOT NULL,
    right_name text NOT NULL,
    added_at timestamp with time zone NOT NULL,
    CONSTRAINT school_role_right_right_name_check CHECK ((right_name <> ''::text))
);

ALTER TABLE ONLY public.school_role_right FORCE ROW LEVEL SECURITY;

CREATE TABLE public.school_tally (
    school_id uuid NOT NULL,
    counted_at timestamp with time zone NOT NULL,
    pupils bigint NOT NULL,
    staff bigint NOT NULL,
    guardians bigint NOT NULL,
    reached bigint NOT NULL,
    passes bigint NOT NULL,
    devices bigint NOT NULL,
    offline bigint NOT NULL,
    late bigint NOT NULL
);

ALTER TABLE ONLY public.school_tally FORCE ROW LEVEL SECURITY;

CREATE TABLE public.school_year_span (
    year smallint NOT NULL,
    kind text NOT NULL,
    starts date NOT NULL,
    ends date NOT NULL,
    basis text NOT NULL,
    CONSTRAINT school_year_span_basis_check CHECK ((basis <> ''::text)),
    CONSTRAINT school_year_span_check CHECK ((ends >= starts)),
    CONSTRAINT school_year_span_kind_check CHECK ((kind = ANY (ARRAY['year'::text, 'autumn_break'::text, 'winter_break'::text, 'spring_break'::text, 'grade1_break'::text, 'attestation_9'::text, 'attestation_11'::text]))),
    CONSTRAINT school_year_span_year_check CHECK (((year >= 1990) AND (year <= 2100)))
);

CREATE TABLE public.schooling_norm (
    what text NOT NULL,
    valid_from date NOT NULL,
    value smallint NOT NULL,
    basis text NOT NULL,
    CONSTRAINT schooling_norm_basis_check CHECK ((basis <> ''::text)),
    CONSTRAINT schooling_norm_what_check CHECK ((what = ANY (ARRAY['last_grade'::text, 'week_days'::text])))
);

CREATE TABLE public.see_as (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    seer_id uuid NOT NULL,
    seen_id uuid NOT NULL,
    session_id uuid NOT NULL,
    reason text NOT NULL,
    began_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT see_as_check CHECK (((expires_at > began_at) AND (expires_at <= (began_at + '00:30:00'::interval)))),
    CONSTRAINT see_as_check1 CHECK ((seer_id <> seen_id)),
    CONSTRAINT see_as_reason_check CHECK ((reason <> ''::text))
);

ALTER TABLE ONLY public.see_as FORCE ROW LEVEL SECURITY;

CREATE TABLE public.service_beat (
    one boolean DEFAULT true NOT NULL,
    since timestamp with time zone NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT service_beat_one_check CHECK (one)
);

CREATE TABLE public.service_outage (
    began_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone NOT NULL,
    CONSTRAINT service_outage_check CHECK ((ended_at > began_at))
);

CREATE TABLE public.session (
    token_hash bytea NOT NULL,
    account_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    user_agent text,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    passkey_at timestamp with time zone,
    renew_at timestamp with time zone,
    CONSTRAINT session_token_hash_check CHECK ((length(token_hash) = 32))
);

CREATE TABLE public.social_category (
    code text NOT NULL,
    valid_from date NOT NULL,
    basis text,
    is_verified boolean DEFAULT false NOT NULL,
    place smallint NOT NULL,
    CONSTRAINT social_category_code_check CHECK ((code ~ '^[a-z-]+$'::text))
);

CREATE TABLE public.staff_line (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    detail text,
    sort text,
    rate smallint,
    is_pedagogical boolean,
    valid_from date NOT NULL,
    valid_to date,
    document text,
    document_date date,
    set_by uuid NOT NULL,
    set_at timestamp with time zone NOT NULL,
    struck_by uuid,
    struck_at timestamp with time zone,
    struck_reason text,
    CONSTRAINT staff_line_check CHECK ((valid_to >= valid_from)),
    CONSTRAINT staff_line_check1 CHECK (((kind = 'post'::text) = (rate IS NOT NULL))),
    CONSTRAINT staff_line_check2 CHECK (((kind = 'period'::text) = (is_pedagogical IS NOT NULL))),
    CONSTRAINT staff_line_check3 CHECK (((kind <> 'post'::text) OR (sort = ANY (ARRAY['main'::text, 'internal'::text, 'external'::text])))),
    CONSTRAINT staff_line_check4 CHECK (((kind <> 'category'::text) OR (title = ANY (ARRAY['pedagogue'::text, 'moderator'::text, 'expert'::text, 'researcher'::text, 'master'::text])))),
    CONSTRAINT staff_line_check5 CHECK (((struck_at IS NULL) = (struck_reason IS NULL))),
    CONSTRAINT staff_line_detail_check CHECK ((detail <> ''::text)),
    CONSTRAINT staff_line_document_check CHECK ((document <> ''::text)),
    CONSTRAINT staff_line_kind_check CHECK ((kind = ANY (ARRAY['post'::text, 'education'::text, 'category'::text, 'award'::text, 'period'::text]))),
    CONSTRAINT staff_line_rate_check CHECK (((rate >= 25) AND (rate <= 200))),
    CONSTRAINT staff_line_sort_check CHECK ((sort <> ''::text)),
    CONSTRAINT staff_line_struck_reason_check CHECK ((struck_reason <> ''::text)),
    CONSTRAINT staff_line_title_check CHECK ((title <> ''::text))
);

ALTER TABLE ONLY public.staff_line FORCE ROW LEVEL SECURITY;

CREATE TABLE public.transfer (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    pupil_id uuid NOT NULL,
    to_school uuid NOT NULL,
    reason text NOT NULL,
    code_hash bytea NOT NULL,
    made_at timestamp with time zone NOT NULL,
    made_by uuid,
    valid_until date NOT NULL,
    cancelled_at timestamp with time zone,
    cancelled_by uuid,
    accepted_at timestamp with time zone,
    accepted_by uuid,
    CONSTRAINT transfer_check CHECK ((to_school <> school_id)),
    CONSTRAINT transfer_check1 CHECK (((cancelled_at IS NULL) OR (accepted_at IS NULL))),
    CONSTRAINT transfer_code_hash_check CHECK ((length(code_hash) = 32)),
    CONSTRAINT transfer_reason_check CHECK ((reason = ANY (ARRAY['wish'::text, 'moving'::text, 'court'::text, 'abroad'::text, 'bullying'::text])))
);

ALTER TABLE ONLY public.transfer FORCE ROW LEVEL SECURITY;

CREATE TABLE public.update_request (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    child_id uuid NOT NULL,
    asked_by uuid NOT NULL,
    note text,
    file_id uuid,
    asked_at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    closed_at timestamp with time zone,
    CONSTRAINT update_request_check CHECK (((withdrawn_at IS NULL) OR (closed_at IS NOT NULL))),
    CONSTRAINT update_request_note_check CHECK ((note <> ''::text))
);

ALTER TABLE ONLY public.update_request FORCE ROW LEVEL SECURITY;

CREATE TABLE public.update_request_field (
    school_id uuid NOT NULL,
    request_id uuid NOT NULL,
    about text NOT NULL,
    field text NOT NULL,
    before text,
    asked text,
    verdict text,
    reason text,
    decided_by uuid,
    decided_at timestamp with time zone,
    CONSTRAINT update_request_field_about_check CHECK ((about = ANY (ARRAY['child'::text, 'own'::text]))),
    CONSTRAINT update_request_field_asked_check CHECK ((asked <> ''::text)),
    CONSTRAINT update_request_field_before_check CHECK ((before <> ''::text)),
    CONSTRAINT update_request_field_check CHECK ((before IS DISTINCT FROM asked)),
    CONSTRAINT update_request_field_check1 CHECK (((verdict IS NULL) = (decided_at IS NULL))),
    CONSTRAINT update_request_field_check2 CHECK (((verdict = 'refused'::text) = (reason IS NOT NULL))),
    CONSTRAINT update_request_field_field_check CHECK ((field = ANY (ARRAY['surname'::text, 'given_name'::text, 'patronymic'::text, 'birth_date'::text, 'sex'::text, 'locale'::text, 'address'::text, 'phone'::text, 'email'::text]))),
    CONSTRAINT update_request_field_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT update_request_field_verdict_check CHECK ((verdict = ANY (ARRAY['accepted'::text, 'refused'::text])))
);

ALTER TABLE ONLY public.update_request_field FORCE ROW LEVEL SECURITY;

CREATE TABLE public.vault_key (
    school_id uuid NOT NULL,
    realm text NOT NULL,
    generation integer NOT NULL,
    sealed bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT vault_key_generation_check CHECK ((generation > 0)),
    CONSTRAINT vault_key_realm_check CHECK ((realm = ANY (ARRAY['psychology'::text, 'health'::text, 'social'::text])))
);

ALTER TABLE ONLY public.vault_key FORCE ROW LEVEL SECURITY;

ALTER TABLE ONLY public.audit_chain ATTACH PARTITION public.audit_chain_default DEFAULT;

ALTER TABLE ONLY public.audit ATTACH PARTITION public.audit_default DEFAULT;

ALTER TABLE ONLY public.delivery ATTACH PARTITION public.delivery_default DEFAULT;

ALTER TABLE ONLY public.event ATTACH PARTITION public.event_default DEFAULT;

ALTER TABLE ONLY public.meal ATTACH PARTITION public.meal_default DEFAULT;

ALTER TABLE ONLY public.notice ATTACH PARTITION public.notice_default DEFAULT;

ALTER TABLE ONLY public.pass ATTACH PARTITION public.pass_default DEFAULT;

ALTER TABLE ONLY public.absence_document
    ADD CONSTRAINT absence_document_pkey PRIMARY KEY (school_id, note_id);

ALTER TABLE ONLY public.absence_document
    ADD CONSTRAINT absence_document_school_id_file_id_key UNIQUE (school_id, file_id);

ALTER TABLE ONLY public.absence_note
    ADD CONSTRAINT absence_note_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.account_email_question
    ADD CONSTRAINT account_email_question_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.account_half_open
    ADD CONSTRAINT account_half_open_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.account_identifier
    ADD CONSTRAINT account_identifier_kind_lookup_key UNIQUE (kind, lookup);

ALTER TABLE ONLY public.account_identifier
    ADD CONSTRAINT account_identifier_pkey PRIMARY KEY (account_id, kind);

ALTER TABLE ONLY public.account_key_code
    ADD CONSTRAINT account_key_code_pkey PRIMARY KEY (code_hash);

ALTER TABLE ONLY public.account_key
    ADD CONSTRAINT account_key_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.account_key_proof
    ADD CONSTRAINT account_key_proof_pkey PRIMARY KEY (thumbprint, proof_hash);

ALTER TABLE ONLY public.account_key
    ADD CONSTRAINT account_key_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_login_key UNIQUE (login);

ALTER TABLE ONLY public.account_passkey
    ADD CONSTRAINT account_passkey_credential_id_key UNIQUE (credential_id);

ALTER TABLE ONLY public.account_passkey
    ADD CONSTRAINT account_passkey_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.account_passkey_question
    ADD CONSTRAINT account_passkey_question_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_person_id_key UNIQUE (person_id);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.account_recovery_code
    ADD CONSTRAINT account_recovery_code_pkey PRIMARY KEY (account_id, code_hash);

ALTER TABLE ONLY public.account_recovery
    ADD CONSTRAINT account_recovery_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.account_totp
    ADD CONSTRAINT account_totp_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY public.announcement_file
    ADD CONSTRAINT announcement_file_pkey PRIMARY KEY (school_id, announcement_id, id);

ALTER TABLE ONLY public.announcement
    ADD CONSTRAINT announcement_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.announcement_reader
    ADD CONSTRAINT announcement_reader_pkey PRIMARY KEY (school_id, announcement_id, guardian_id, child_id);

ALTER TABLE ONLY public.arrival_check
    ADD CONSTRAINT arrival_check_pkey PRIMARY KEY (school_id, day, shift);

ALTER TABLE ONLY public.arrival_rule
    ADD CONSTRAINT arrival_rule_pkey PRIMARY KEY (school_id, shift, valid_from);

ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (school_id, at, id);

ALTER TABLE ONLY public.audit_base
    ADD CONSTRAINT audit_base_pkey PRIMARY KEY (school_id);

ALTER TABLE ONLY public.audit_chain
    ADD CONSTRAINT audit_chain_pkey PRIMARY KEY (school_id, n, at);

ALTER TABLE ONLY public.audit_chain
    ADD CONSTRAINT audit_chain_school_id_at_audit_id_key UNIQUE (school_id, at, audit_id);

ALTER TABLE ONLY public.audit_chain_default
    ADD CONSTRAINT audit_chain_default_pkey PRIMARY KEY (school_id, n, at);

ALTER TABLE ONLY public.audit_chain_default
    ADD CONSTRAINT audit_chain_default_school_id_at_audit_id_key UNIQUE (school_id, at, audit_id);

ALTER TABLE ONLY public.audit_default
    ADD CONSTRAINT audit_default_pkey PRIMARY KEY (school_id, at, id);

ALTER TABLE ONLY public.audit_head
    ADD CONSTRAINT audit_head_pkey PRIMARY KEY (school_id);

ALTER TABLE ONLY public.audit_pending
    ADD CONSTRAINT audit_pending_pkey PRIMARY KEY (school_id, at, audit_id);

ALTER TABLE ONLY public.blocked_card_use
    ADD CONSTRAINT blocked_card_use_pkey PRIMARY KEY (school_id, device_id, store, seq, received_at);

ALTER TABLE ONLY public.breach_person
    ADD CONSTRAINT breach_person_pkey PRIMARY KEY (school_id, breach_id, person_id);

ALTER TABLE ONLY public.breach
    ADD CONSTRAINT breach_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.breach
    ADD CONSTRAINT breach_school_id_number_key UNIQUE (school_id, number);

ALTER TABLE ONLY public.breach_step
    ADD CONSTRAINT breach_step_pkey PRIMARY KEY (school_id, breach_id, at, id);

ALTER TABLE ONLY public.building
    ADD CONSTRAINT building_pkey PRIMARY KEY (school_id, id, version);

ALTER TABLE ONLY public.card_block
    ADD CONSTRAINT card_block_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.card
    ADD CONSTRAINT card_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.certificate_number
    ADD CONSTRAINT certificate_number_pkey PRIMARY KEY (school_id, year);

ALTER TABLE ONLY public.certificate
    ADD CONSTRAINT certificate_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.certificate
    ADD CONSTRAINT certificate_school_id_year_number_key UNIQUE (school_id, year, number);

ALTER TABLE ONLY public.class_grant
    ADD CONSTRAINT class_grant_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.confidential_record
    ADD CONSTRAINT confidential_record_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.confidential_record
    ADD CONSTRAINT confidential_record_school_id_record_id_version_key UNIQUE (school_id, record_id, version);

ALTER TABLE ONLY public.consent
    ADD CONSTRAINT consent_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.consent_purpose
    ADD CONSTRAINT consent_purpose_pkey PRIMARY KEY (code, valid_from);

ALTER TABLE ONLY public.consent_stop
    ADD CONSTRAINT consent_stop_pkey PRIMARY KEY (school_id, person_id, purpose, since);

ALTER TABLE ONLY public.consent_text
    ADD CONSTRAINT consent_text_pkey PRIMARY KEY (purpose, version, locale);

ALTER TABLE ONLY public.custody_limit
    ADD CONSTRAINT custody_limit_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.day_off
    ADD CONSTRAINT day_off_pkey PRIMARY KEY (day);

ALTER TABLE ONLY public.dead_letter
    ADD CONSTRAINT dead_letter_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.delegation
    ADD CONSTRAINT delegation_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT delivery_pkey PRIMARY KEY (school_id, notice_id, token_id, created_at);

ALTER TABLE ONLY public.delivery_bot
    ADD CONSTRAINT delivery_bot_pkey PRIMARY KEY (name);

ALTER TABLE public.delivery
    ADD CONSTRAINT delivery_channel_check CHECK ((channel ~ '^[a-z][a-z_]{1,15}$'::text)) NOT VALID;

ALTER TABLE ONLY public.delivery_default
    ADD CONSTRAINT delivery_default_pkey PRIMARY KEY (school_id, notice_id, token_id, created_at);

ALTER TABLE public.delivery
    ADD CONSTRAINT delivery_gathers_check CHECK ((gathers >= 1)) NOT VALID;

ALTER TABLE public.delivery
    ADD CONSTRAINT delivery_lane_check CHECK (((lane >= 0) AND (lane <= 2))) NOT VALID;

ALTER TABLE ONLY public.delivery_link_code
    ADD CONSTRAINT delivery_link_code_pkey PRIMARY KEY (code_hash);

ALTER TABLE public.delivery
    ADD CONSTRAINT delivery_outcome_check CHECK ((outcome = ANY (ARRAY['sent'::text, 'switched_off'::text, 'no_phone'::text, 'late'::text, 'expired'::text, 'unregistered'::text, 'refused'::text, 'no_consent'::text, 'quiet'::text, 'collapsed'::text, 'given_up'::text]))) NOT VALID;

ALTER TABLE ONLY public.device
    ADD CONSTRAINT device_code_key UNIQUE (code);

ALTER TABLE ONLY public.device_cursor
    ADD CONSTRAINT device_cursor_pkey PRIMARY KEY (school_id, device_id, store);

ALTER TABLE ONLY public.device_health
    ADD CONSTRAINT device_health_pkey PRIMARY KEY (school_id, device_id);

ALTER TABLE ONLY public.device
    ADD CONSTRAINT device_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.device_service
    ADD CONSTRAINT device_service_pkey PRIMARY KEY (school_id, device_id);

ALTER TABLE ONLY public.document_number
    ADD CONSTRAINT document_number_pkey PRIMARY KEY (school_id, kind);

ALTER TABLE ONLY public.downtime
    ADD CONSTRAINT downtime_pkey PRIMARY KEY (school_id, device_id, began_at);

ALTER TABLE ONLY public.enrolment
    ADD CONSTRAINT enrolment_pkey PRIMARY KEY (school_id, pupil_id, valid_from);

ALTER TABLE ONLY public.erasure
    ADD CONSTRAINT erasure_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.erasure
    ADD CONSTRAINT erasure_school_id_number_key UNIQUE (school_id, number);

ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (school_id, device_id, store, seq, received_at);

ALTER TABLE ONLY public.event_default
    ADD CONSTRAINT event_default_pkey PRIMARY KEY (school_id, device_id, store, seq, received_at);

ALTER TABLE ONLY public.export_part
    ADD CONSTRAINT export_part_pkey PRIMARY KEY (school_id, export_id, n);

ALTER TABLE ONLY public.export
    ADD CONSTRAINT export_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.file_chunk
    ADD CONSTRAINT file_chunk_pkey PRIMARY KEY (school_id, file_id, n);

ALTER TABLE ONLY public.file
    ADD CONSTRAINT file_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.import_line
    ADD CONSTRAINT import_line_pkey PRIMARY KEY (school_id, import_id, sheet, n);

ALTER TABLE ONLY public.import_mapping
    ADD CONSTRAINT import_mapping_pkey PRIMARY KEY (school_id, kind, fingerprint);

ALTER TABLE ONLY public.import
    ADD CONSTRAINT import_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.import_row
    ADD CONSTRAINT import_row_pkey PRIMARY KEY (school_id, import_id, n);

ALTER TABLE ONLY public.incident
    ADD CONSTRAINT incident_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_code_hash_key UNIQUE (code_hash);

ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.job
    ADD CONSTRAINT job_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.kinship
    ADD CONSTRAINT kinship_pkey PRIMARY KEY (school_id, pupil_id, guardian_id, valid_from);

ALTER TABLE ONLY public.maintenance
    ADD CONSTRAINT maintenance_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.meal
    ADD CONSTRAINT meal_pkey PRIMARY KEY (school_id, person_id, occurred_at, device_id, store, seq, received_at);

ALTER TABLE ONLY public.meal_default
    ADD CONSTRAINT meal_default_pkey PRIMARY KEY (school_id, person_id, occurred_at, device_id, store, seq, received_at);

ALTER TABLE ONLY public.missing_arrival
    ADD CONSTRAINT missing_arrival_pkey PRIMARY KEY (school_id, day, pupil_id);

ALTER TABLE ONLY public.movement
    ADD CONSTRAINT movement_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.notice
    ADD CONSTRAINT notice_pkey PRIMARY KEY (school_id, recipient_id, id, created_at);

ALTER TABLE ONLY public.notice_default
    ADD CONSTRAINT notice_default_pkey PRIMARY KEY (school_id, recipient_id, id, created_at);

ALTER TABLE ONLY public.notice_hours
    ADD CONSTRAINT notice_hours_pkey PRIMARY KEY (school_id, guardian_id);

ALTER TABLE ONLY public.notice_switch
    ADD CONSTRAINT notice_switch_pkey PRIMARY KEY (school_id, guardian_id, child_id, kind);

ALTER TABLE ONLY public.oneroster_id
    ADD CONSTRAINT oneroster_id_pkey PRIMARY KEY (school_id, system, sourced_id);

ALTER TABLE ONLY public.order_number
    ADD CONSTRAINT order_number_pkey PRIMARY KEY (school_id, kind, year);

ALTER TABLE ONLY public.organisation
    ADD CONSTRAINT organisation_code_key UNIQUE (code);

ALTER TABLE ONLY public.organisation
    ADD CONSTRAINT organisation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.pass
    ADD CONSTRAINT pass_pkey PRIMARY KEY (school_id, person_id, occurred_at, device_id, store, seq, received_at);

ALTER TABLE ONLY public.pass_default
    ADD CONSTRAINT pass_default_pkey PRIMARY KEY (school_id, person_id, occurred_at, device_id, store, seq, received_at);

ALTER TABLE ONLY public.pension_age
    ADD CONSTRAINT pension_age_pkey PRIMARY KEY (sex, valid_from);

ALTER TABLE ONLY public.person_iin
    ADD CONSTRAINT person_iin_pkey PRIMARY KEY (person_id);

ALTER TABLE ONLY public.person_merge
    ADD CONSTRAINT person_merge_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.person_merge_row
    ADD CONSTRAINT person_merge_row_pkey PRIMARY KEY (school_id, merge_id, n);

ALTER TABLE ONLY public.person_pair
    ADD CONSTRAINT person_pair_pkey PRIMARY KEY (school_id, first_id, second_id);

ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.person_value
    ADD CONSTRAINT person_value_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.presence
    ADD CONSTRAINT presence_pkey PRIMARY KEY (school_id, person_id);

ALTER TABLE ONLY public.pupil_photo
    ADD CONSTRAINT pupil_photo_pkey PRIMARY KEY (school_id, pupil_id);

ALTER TABLE ONLY public.push_token
    ADD CONSTRAINT push_token_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.retention_rule
    ADD CONSTRAINT retention_rule_pkey PRIMARY KEY (what, valid_from);

ALTER TABLE ONLY public.retention_run
    ADD CONSTRAINT retention_run_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.role_grant
    ADD CONSTRAINT role_grant_pkey PRIMARY KEY (school_id, person_id, role, valid_from);

ALTER TABLE ONLY public.role_right_switch
    ADD CONSTRAINT role_right_switch_pkey PRIMARY KEY (school_id, role, right_name);

ALTER TABLE ONLY public.rollover
    ADD CONSTRAINT rollover_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.school_class
    ADD CONSTRAINT school_class_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.school_day
    ADD CONSTRAINT school_day_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.school_norm
    ADD CONSTRAINT school_norm_pkey PRIMARY KEY (school_id);

ALTER TABLE ONLY public.school_order
    ADD CONSTRAINT school_order_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.school_order
    ADD CONSTRAINT school_order_school_id_kind_year_number_key UNIQUE (school_id, kind, year, number);

ALTER TABLE ONLY public.school_person
    ADD CONSTRAINT school_person_pkey PRIMARY KEY (school_id, person_id, valid_from);

ALTER TABLE ONLY public.school_role_grant
    ADD CONSTRAINT school_role_grant_pkey PRIMARY KEY (school_id, role_id, person_id, valid_from);

ALTER TABLE ONLY public.school_role
    ADD CONSTRAINT school_role_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.school_role_right
    ADD CONSTRAINT school_role_right_pkey PRIMARY KEY (school_id, role_id, right_name);

ALTER TABLE ONLY public.school_tally
    ADD CONSTRAINT school_tally_pkey PRIMARY KEY (school_id);

ALTER TABLE ONLY public.school_year_span
    ADD CONSTRAINT school_year_span_pkey PRIMARY KEY (year, kind);

ALTER TABLE ONLY public.schooling_norm
    ADD CONSTRAINT schooling_norm_pkey PRIMARY KEY (what, valid_from);

ALTER TABLE ONLY public.see_as
    ADD CONSTRAINT see_as_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.service_beat
    ADD CONSTRAINT service_beat_pkey PRIMARY KEY (one);

ALTER TABLE ONLY public.service_outage
    ADD CONSTRAINT service_outage_pkey PRIMARY KEY (began_at);

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.social_category
    ADD CONSTRAINT social_category_pkey PRIMARY KEY (code, valid_from);

ALTER TABLE ONLY public.staff_line
    ADD CONSTRAINT staff_line_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.transfer
    ADD CONSTRAINT transfer_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.update_request_field
    ADD CONSTRAINT update_request_field_pkey PRIMARY KEY (school_id, request_id, about, field);

ALTER TABLE ONLY public.update_request
    ADD CONSTRAINT update_request_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.vault_key
    ADD CONSTRAINT vault_key_pkey PRIMARY KEY (school_id, realm, generation);

CREATE INDEX absence_document_added_by ON public.absence_document USING btree (school_id, added_by);

CREATE INDEX absence_document_generation ON public.absence_document USING btree (school_id, realm, generation);

CREATE INDEX absence_note_child ON public.absence_note USING btree (school_id, child_id, to_day);

CREATE INDEX absence_note_days ON public.absence_note USING btree (school_id, to_day, from_day) WHERE (withdrawn_at IS NULL);

CREATE INDEX absence_note_said_by ON public.absence_note USING btree (school_id, said_by);

CREATE INDEX account_email_question_account ON public.account_email_question USING btree (account_id);

CREATE INDEX account_half_open_account ON public.account_half_open USING btree (account_id);

CREATE INDEX account_key_account ON public.account_key USING btree (account_id);

CREATE INDEX account_key_code_account ON public.account_key_code USING btree (account_id);

CREATE INDEX account_key_proof_expiry ON public.account_key_proof USING btree (expires_at);

CREATE INDEX account_passkey_account ON public.account_passkey USING btree (account_id);

CREATE INDEX account_passkey_question_expiry ON public.account_passkey_question USING btree (expires_at);

CREATE INDEX account_recovery_account ON public.account_recovery USING btree (account_id);

CREATE INDEX announcement_file_kept ON public.announcement_file USING btree (school_id, file_id);

CREATE INDEX announcement_reader_child ON public.announcement_reader USING btree (child_id);

CREATE INDEX announcement_reader_guardian ON public.announcement_reader USING btree (guardian_id);

CREATE INDEX announcement_reader_waiting ON public.announcement_reader USING btree (school_id, announcement_id, guardian_id) WHERE (told_at IS NULL);

CREATE INDEX blocked_card_use_block ON public.blocked_card_use USING btree (school_id, block_id, occurred_at);

CREATE INDEX blocked_card_use_person ON public.blocked_card_use USING btree (school_id, person_id);

CREATE INDEX blocked_card_use_received ON public.blocked_card_use USING btree (received_at);

CREATE INDEX breach_person_person ON public.breach_person USING btree (person_id);

CREATE INDEX breach_unreported ON public.breach USING btree (due_at) WHERE ((reported_at IS NULL) AND (closed_at IS NULL));

CREATE INDEX card_block_card ON public.card_block USING btree (school_id, card_id);

CREATE INDEX card_block_lifted ON public.card_block USING btree (lifted_at) WHERE (lifted_at IS NOT NULL);

CREATE INDEX card_block_list ON public.card_block USING btree (school_id, blocked_at DESC, id DESC);

CREATE UNIQUE INDEX card_block_open ON public.card_block USING btree (school_id, card_id) WHERE (lifted_at IS NULL);

CREATE INDEX card_block_person ON public.card_block USING btree (school_id, person_id);

CREATE INDEX card_code ON public.card USING btree (school_id, code);

CREATE UNIQUE INDEX card_open ON public.card USING btree (school_id, code) WHERE (valid_to IS NULL);

CREATE INDEX card_person ON public.card USING btree (school_id, person_id);

CREATE INDEX certificate_asker ON public.certificate USING btree (school_id, asked_by);

CREATE UNIQUE INDEX certificate_code ON public.certificate USING btree (code);

CREATE INDEX certificate_issued ON public.certificate USING btree (school_id, issued_at, id);

CREATE INDEX certificate_pupil ON public.certificate USING btree (school_id, pupil_id, dated);

CREATE INDEX class_grant_person ON public.class_grant USING btree (person_id);

CREATE INDEX confidential_record_generation ON public.confidential_record USING btree (school_id, realm, generation);

CREATE INDEX confidential_record_person ON public.confidential_record USING btree (school_id, person_id, realm, record_id, version);

CREATE INDEX consent_by_person ON public.consent USING btree (school_id, by_person);

CREATE INDEX consent_person ON public.consent USING btree (school_id, person_id, purpose, at DESC, id DESC);

CREATE INDEX consent_stop_changed ON public.consent_stop USING btree (changed_at);

CREATE UNIQUE INDEX consent_stop_open ON public.consent_stop USING btree (school_id, person_id, purpose) WHERE (until IS NULL);

CREATE INDEX custody_limit_kin ON public.custody_limit USING btree (school_id, pupil_id, guardian_id) WHERE (ended_at IS NULL);

CREATE INDEX dead_letter_device ON public.dead_letter USING btree (school_id, device_id, received_at);

CREATE INDEX delegation_giver ON public.delegation USING btree (giver_id);

CREATE INDEX delegation_receiver ON public.delegation USING btree (receiver_id);

CREATE INDEX delivery_dead ON ONLY public.delivery USING btree (created_at) WHERE (outcome = ANY (ARRAY['refused'::text, 'expired'::text]));

CREATE INDEX delivery_due ON ONLY public.delivery USING btree (lane, lease_until) WHERE (outcome IS NULL);

CREATE INDEX delivery_held ON ONLY public.delivery USING btree (lease_until, token_id) WHERE ((outcome IS NULL) AND (held_until IS NOT NULL) AND (gathers IS NULL));

CREATE INDEX delivery_default_created_at_idx ON public.delivery_default USING btree (created_at) WHERE (outcome = ANY (ARRAY['refused'::text, 'expired'::text]));

CREATE INDEX delivery_default_lane_lease_until_idx ON public.delivery_default USING btree (lane, lease_until) WHERE (outcome IS NULL);

CREATE INDEX delivery_default_lease_until_token_id_idx ON public.delivery_default USING btree (lease_until, token_id) WHERE ((outcome IS NULL) AND (held_until IS NOT NULL) AND (gathers IS NULL));

CREATE INDEX delivery_link_code_person ON public.delivery_link_code USING btree (person_id);

CREATE INDEX downtime_ended ON public.downtime USING btree (school_id, ended_at);

CREATE UNIQUE INDEX downtime_open ON public.downtime USING btree (school_id, device_id) WHERE (ended_at IS NULL);

CREATE INDEX enrolment_class ON public.enrolment USING btree (school_id, class_id) WHERE (valid_to IS NULL);

CREATE UNIQUE INDEX enrolment_open ON public.enrolment USING btree (school_id, pupil_id) WHERE (valid_to IS NULL);

CREATE UNIQUE INDEX erasure_person ON public.erasure USING btree (school_id, person_id);

CREATE INDEX export_recent ON public.export USING btree (school_id, kind, ordered_at DESC, id DESC);

CREATE INDEX file_person ON public.file USING btree (school_id, person_id);

CREATE INDEX import_recent ON public.import USING btree (school_id, created_at DESC, id DESC);

CREATE INDEX import_row_person ON public.import_row USING btree (school_id, person_id) WHERE (person_id IS NOT NULL);

CREATE INDEX import_row_verdict ON public.import_row USING btree (school_id, import_id, verdict, n);

CREATE INDEX incident_device ON public.incident USING btree (school_id, device_id, last_at);

CREATE UNIQUE INDEX incident_open ON public.incident USING btree (school_id, kind, key) WHERE (closed_at IS NULL);

CREATE UNIQUE INDEX invitation_open ON public.invitation USING btree (school_id, guardian_id) WHERE ((used_at IS NULL) AND (revoked_at IS NULL));

CREATE UNIQUE INDEX job_due ON public.job USING btree (school_id, kind, due_at) WHERE (due_at IS NOT NULL);

CREATE UNIQUE INDEX job_open ON public.job USING btree (school_id, kind, key) WHERE (finished_at IS NULL);

CREATE INDEX job_waiting ON public.job USING btree (run_at) WHERE (finished_at IS NULL);

CREATE INDEX kinship_guardian ON public.kinship USING btree (guardian_id) WHERE (valid_to IS NULL);

CREATE INDEX kinship_movement ON public.kinship USING btree (school_id, movement_id) WHERE (movement_id IS NOT NULL);

CREATE UNIQUE INDEX kinship_open ON public.kinship USING btree (school_id, pupil_id, guardian_id) WHERE (valid_to IS NULL);

CREATE INDEX maintenance_when ON public.maintenance USING btree (school_id, to_at);

CREATE INDEX meal_stream ON ONLY public.meal USING btree (school_id, received_at);

CREATE INDEX meal_default_school_id_received_at_idx ON public.meal_default USING btree (school_id, received_at);

CREATE INDEX missing_arrival_pupil ON public.missing_arrival USING btree (school_id, pupil_id);

CREATE INDEX movement_day ON public.movement USING btree (school_id, on_date, id);

CREATE INDEX movement_order ON public.movement USING btree (school_id, order_id) WHERE (order_id IS NOT NULL);

CREATE INDEX movement_pupil ON public.movement USING btree (school_id, pupil_id, made_at);

CREATE INDEX movement_rollover ON public.movement USING btree (school_id, rollover_id) WHERE (rollover_id IS NOT NULL);

CREATE INDEX notice_hours_guardian ON public.notice_hours USING btree (guardian_id);

CREATE INDEX notice_switch_guardian ON public.notice_switch USING btree (guardian_id, child_id);

CREATE INDEX oneroster_id_person ON public.oneroster_id USING btree (school_id, person_id);

CREATE INDEX organisation_parent ON public.organisation USING btree (parent_id);

CREATE INDEX pass_stream ON ONLY public.pass USING btree (school_id, received_at);

CREATE INDEX pass_default_school_id_received_at_idx ON public.pass_default USING btree (school_id, received_at);

CREATE UNIQUE INDEX person_iin_held ON public.person_iin USING btree (lookup) WHERE held;

CREATE INDEX person_iin_lookup ON public.person_iin USING btree (lookup);

CREATE UNIQUE INDEX person_merge_gone ON public.person_merge USING btree (school_id, gone_id) WHERE (undone_at IS NULL);

CREATE INDEX person_merge_kept ON public.person_merge USING btree (school_id, kept_id);

CREATE UNIQUE INDEX person_value_open ON public.person_value USING btree (school_id, person_id, field) WHERE (ended_at IS NULL);

CREATE INDEX person_value_person ON public.person_value USING btree (school_id, person_id, ended_at);

CREATE INDEX person_value_phone ON public.person_value USING btree (school_id, value) WHERE ((field = 'phone'::text) AND (ended_at IS NULL));

CREATE INDEX pupil_photo_file ON public.pupil_photo USING btree (school_id, file_id);

CREATE INDEX pupil_photo_small ON public.pupil_photo USING btree (school_id, small_id);

CREATE UNIQUE INDEX push_token_open ON public.push_token USING btree (channel, token) WHERE (removed_at IS NULL);

CREATE INDEX push_token_person ON public.push_token USING btree (person_id) WHERE (removed_at IS NULL);

CREATE INDEX retention_run_what ON public.retention_run USING btree (what, ran_at DESC);

CREATE INDEX role_grant_person ON public.role_grant USING btree (person_id);

CREATE UNIQUE INDEX rollover_year ON public.rollover USING btree (school_id, year) WHERE (undone_at IS NULL);

CREATE UNIQUE INDEX school_class_name ON public.school_class USING btree (school_id, grade, letter) WHERE (valid_to IS NULL);

CREATE UNIQUE INDEX school_day_open ON public.school_day USING btree (school_id, day) WHERE (removed_at IS NULL);

CREATE INDEX school_person_movement ON public.school_person USING btree (school_id, movement_id) WHERE (movement_id IS NOT NULL);

CREATE INDEX school_person_person ON public.school_person USING btree (person_id);

CREATE INDEX school_role_grant_person ON public.school_role_grant USING btree (person_id);

CREATE UNIQUE INDEX school_role_name ON public.school_role USING btree (school_id, name_kk) WHERE (closed_at IS NULL);

CREATE INDEX see_as_seen ON public.see_as USING btree (seen_id);

CREATE INDEX see_as_session ON public.see_as USING btree (session_id) WHERE (ended_at IS NULL);

CREATE INDEX session_account ON public.session USING btree (account_id);

CREATE UNIQUE INDEX session_id ON public.session USING btree (id);

CREATE INDEX staff_line_person ON public.staff_line USING btree (school_id, person_id) WHERE (struck_at IS NULL);

CREATE UNIQUE INDEX transfer_open ON public.transfer USING btree (school_id, pupil_id) WHERE ((cancelled_at IS NULL) AND (accepted_at IS NULL));

CREATE INDEX transfer_to ON public.transfer USING btree (to_school);

CREATE INDEX update_request_asker ON public.update_request USING btree (school_id, asked_by);

CREATE INDEX update_request_child ON public.update_request USING btree (school_id, child_id);

CREATE INDEX update_request_open ON public.update_request USING btree (school_id, asked_at) WHERE (closed_at IS NULL);

ALTER INDEX public.audit_chain_pkey ATTACH PARTITION public.audit_chain_default_pkey;

ALTER INDEX public.audit_chain_school_id_at_audit_id_key ATTACH PARTITION public.audit_chain_default_school_id_at_audit_id_key;

ALTER INDEX public.audit_pkey ATTACH PARTITION public.audit_default_pkey;

ALTER INDEX public.delivery_dead ATTACH PARTITION public.delivery_default_created_at_idx;

ALTER INDEX public.delivery_due ATTACH PARTITION public.delivery_default_lane_lease_until_idx;

ALTER INDEX public.delivery_held ATTACH PARTITION public.delivery_default_lease_until_token_id_idx;

ALTER INDEX public.delivery_pkey ATTACH PARTITION public.delivery_default_pkey;

ALTER INDEX public.event_pkey ATTACH PARTITION public.event_default_pkey;

ALTER INDEX public.meal_pkey ATTACH PARTITION public.meal_default_pkey;

ALTER INDEX public.meal_stream ATTACH PARTITION public.meal_default_school_id_received_at_idx;

ALTER INDEX public.notice_pkey ATTACH PARTITION public.notice_default_pkey;

ALTER INDEX public.pass_pkey ATTACH PARTITION public.pass_default_pkey;

ALTER INDEX public.pass_stream ATTACH PARTITION public.pass_default_school_id_received_at_idx;

CREATE TRIGGER audit_enqueue AFTER INSERT ON public.audit REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.audit_enqueue();

CREATE TRIGGER audit_head_forward BEFORE UPDATE ON public.audit_head FOR EACH ROW EXECUTE FUNCTION public.audit_head_forward();

CREATE TRIGGER card_follows_belonging AFTER UPDATE OF valid_to ON public.school_person FOR EACH ROW WHEN ((old.valid_to IS DISTINCT FROM new.valid_to)) EXECUTE FUNCTION public.card_follows_belonging();

CREATE TRIGGER consent_text_stays BEFORE DELETE OR UPDATE ON public.consent_text FOR EACH ROW EXECUTE FUNCTION public.consent_text_stays();

CREATE TRIGGER delivery_wishes_follow_changed AFTER UPDATE ON public.kinship REFERENCING NEW TABLE AS linked FOR EACH STATEMENT EXECUTE FUNCTION public.delivery_wishes_follow();

CREATE TRIGGER delivery_wishes_follow_new AFTER INSERT ON public.kinship REFERENCING NEW TABLE AS linked FOR EACH STATEMENT EXECUTE FUNCTION public.delivery_wishes_follow();

CREATE TRIGGER person_iin_hold BEFORE INSERT OR UPDATE OF lookup ON public.person_iin FOR EACH ROW EXECUTE FUNCTION public.person_iin_hold();

CREATE TRIGGER standing_added AFTER INSERT ON public.class_grant REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed('person', 'person_id');

CREATE TRIGGER standing_added AFTER INSERT ON public.custody_limit REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed('person', 'guardian_id');

CREATE TRIGGER standing_added AFTER INSERT ON public.delegation REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed('person', 'receiver_id');

CREATE TRIGGER standing_added AFTER INSERT ON public.kinship REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed('person', 'guardian_id');

CREATE TRIGGER standing_added AFTER INSERT ON public.organisation REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed('organisation', 'id');

CREATE TRIGGER standing_added AFTER INSERT ON public.role_grant REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed('person', 'person_id');

CREATE TRIGGER standing_added AFTER INSERT ON public.role_right_switch REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed('school', 'school_id');

CREATE TRIGGER standing_added AFTER INSERT ON public.school_role REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed('school', 'school_id');

CREATE TRIGGER standing_added AFTER INSERT ON public.school_role_grant REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed('person', 'person_id');

CREATE TRIGGER standing_added AFTER INSERT ON public.school_role_right REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed('school', 'school_id');

CREATE TRIGGER standing_added AFTER INSERT ON public.see_as REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed('person', 'seer_id');

CREATE TRIGGER standing_changed AFTER UPDATE ON public.account FOR EACH ROW WHEN ((old.blocked_at IS DISTINCT FROM new.blocked_at)) EXECUTE FUNCTION public.standing_row_changed('account', 'id');

CREATE TRIGGER standing_changed AFTER UPDATE ON public.class_grant REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed('person', 'person_id');

CREATE TRIGGER standing_changed AFTER UPDATE ON public.custody_limit REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed('person', 'guardian_id');

CREATE TRIGGER standing_changed AFTER UPDATE ON public.delegation REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed('person', 'receiver_id');

CREATE TRIGGER standing_changed AFTER UPDATE ON public.kinship REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed('person', 'guardian_id');

CREATE TRIGGER standing_changed AFTER UPDATE ON public.organisation REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed('organisation', 'id');

CREATE TRIGGER standing_changed AFTER UPDATE ON public.role_grant REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed('person', 'person_id');

CREATE TRIGGER standing_changed AFTER UPDATE ON public.role_right_switch REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed('school', 'school_id');

CREATE TRIGGER standing_changed AFTER UPDATE ON public.school_role REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed('school', 'school_id');

CREATE TRIGGER standing_changed AFTER UPDATE ON public.school_role_grant REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed('person', 'person_id');

CREATE TRIGGER standing_changed AFTER UPDATE ON public.school_role_right REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed('school', 'school_id');

CREATE TRIGGER standing_changed AFTER UPDATE ON public.see_as REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed('person', 'seer_id');

CREATE TRIGGER standing_gone AFTER DELETE ON public.class_grant REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed('person', 'person_id');

CREATE TRIGGER standing_gone AFTER DELETE ON public.custody_limit REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed('person', 'guardian_id');

CREATE TRIGGER standing_gone AFTER DELETE ON public.delegation REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed('person', 'receiver_id');

CREATE TRIGGER standing_gone AFTER DELETE ON public.kinship REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed('person', 'guardian_id');

CREATE TRIGGER standing_gone AFTER DELETE ON public.organisation REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed('organisation', 'id');

CREATE TRIGGER standing_gone AFTER DELETE ON public.role_grant REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed('person', 'person_id');

CREATE TRIGGER standing_gone AFTER DELETE ON public.role_right_switch REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed('school', 'school_id');

CREATE TRIGGER standing_gone AFTER DELETE ON public.school_role REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed('school', 'school_id');

CREATE TRIGGER standing_gone AFTER DELETE ON public.school_role_grant REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed('person', 'person_id');

CREATE TRIGGER standing_gone AFTER DELETE ON public.school_role_right REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed('school', 'school_id');

CREATE TRIGGER standing_gone AFTER DELETE ON public.see_as REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.standing_changed('person', 'seer_id');

CREATE TRIGGER standing_gone AFTER DELETE ON public.session FOR EACH ROW WHEN ((old.expires_at > now())) EXECUTE FUNCTION public.standing_row_changed('account', 'account_id');

ALTER TABLE ONLY public.absence_document
    ADD CONSTRAINT absence_document_added_by_fkey FOREIGN KEY (added_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.absence_document
    ADD CONSTRAINT absence_document_school_id_file_id_fkey FOREIGN KEY (school_id, file_id) REFERENCES public.file(school_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.absence_document
    ADD CONSTRAINT absence_document_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.absence_document
    ADD CONSTRAINT absence_document_school_id_note_id_fkey FOREIGN KEY (school_id, note_id) REFERENCES public.absence_note(school_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.absence_document
    ADD CONSTRAINT absence_document_school_id_realm_generation_fkey FOREIGN KEY (school_id, realm, generation) REFERENCES public.vault_key(school_id, realm, generation);

ALTER TABLE ONLY public.absence_note
    ADD CONSTRAINT absence_note_child_id_fkey FOREIGN KEY (child_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.absence_note
    ADD CONSTRAINT absence_note_said_by_fkey FOREIGN KEY (said_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.absence_note
    ADD CONSTRAINT absence_note_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.absence_note
    ADD CONSTRAINT absence_note_withdrawn_by_fkey FOREIGN KEY (withdrawn_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.account_email_question
    ADD CONSTRAINT account_email_question_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.account_half_open
    ADD CONSTRAINT account_half_open_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.account_identifier
    ADD CONSTRAINT account_identifier_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.account_key
    ADD CONSTRAINT account_key_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.account_key_code
    ADD CONSTRAINT account_key_code_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.account_passkey
    ADD CONSTRAINT account_passkey_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.account_passkey_question
    ADD CONSTRAINT account_passkey_question_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.account_recovery
    ADD CONSTRAINT account_recovery_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.account_recovery_code
    ADD CONSTRAINT account_recovery_code_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.account_totp
    ADD CONSTRAINT account_totp_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.announcement_file
    ADD CONSTRAINT announcement_file_school_id_announcement_id_fkey FOREIGN KEY (school_id, announcement_id) REFERENCES public.announcement(school_id, id);

ALTER TABLE ONLY public.announcement_file
    ADD CONSTRAINT announcement_file_school_id_file_id_fkey FOREIGN KEY (school_id, file_id) REFERENCES public.file(school_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.announcement_reader
    ADD CONSTRAINT announcement_reader_child_id_fkey FOREIGN KEY (child_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.announcement_reader
    ADD CONSTRAINT announcement_reader_guardian_id_fkey FOREIGN KEY (guardian_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.announcement_reader
    ADD CONSTRAINT announcement_reader_school_id_announcement_id_fkey FOREIGN KEY (school_id, announcement_id) REFERENCES public.announcement(school_id, id);

ALTER TABLE ONLY public.announcement
    ADD CONSTRAINT announcement_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.arrival_check
    ADD CONSTRAINT arrival_check_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.arrival_rule
    ADD CONSTRAINT arrival_rule_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.arrival_rule
    ADD CONSTRAINT arrival_rule_set_by_fkey FOREIGN KEY (set_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.audit_base
    ADD CONSTRAINT audit_base_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.audit_head
    ADD CONSTRAINT audit_head_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE public.audit
    ADD CONSTRAINT audit_school_id_fkey1 FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.breach_person
    ADD CONSTRAINT breach_person_school_id_breach_id_fkey FOREIGN KEY (school_id, breach_id) REFERENCES public.breach(school_id, id);

ALTER TABLE ONLY public.breach
    ADD CONSTRAINT breach_registered_by_fkey FOREIGN KEY (registered_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.breach
    ADD CONSTRAINT breach_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.breach_step
    ADD CONSTRAINT breach_step_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.breach_step
    ADD CONSTRAINT breach_step_school_id_breach_id_fkey FOREIGN KEY (school_id, breach_id) REFERENCES public.breach(school_id, id);

ALTER TABLE ONLY public.building
    ADD CONSTRAINT building_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.card_block
    ADD CONSTRAINT card_block_blocked_by_fkey FOREIGN KEY (blocked_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.card_block
    ADD CONSTRAINT card_block_lifted_by_fkey FOREIGN KEY (lifted_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.card_block
    ADD CONSTRAINT card_block_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.card_block
    ADD CONSTRAINT card_block_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.card
    ADD CONSTRAINT card_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.card
    ADD CONSTRAINT card_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.certificate
    ADD CONSTRAINT certificate_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.certificate_number
    ADD CONSTRAINT certificate_number_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.certificate
    ADD CONSTRAINT certificate_pupil_id_fkey FOREIGN KEY (pupil_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.certificate
    ADD CONSTRAINT certificate_revoked_by_fkey FOREIGN KEY (revoked_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.certificate
    ADD CONSTRAINT certificate_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.class_grant
    ADD CONSTRAINT class_grant_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.class_grant
    ADD CONSTRAINT class_grant_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.class_grant
    ADD CONSTRAINT class_grant_school_id_role_id_fkey FOREIGN KEY (school_id, role_id) REFERENCES public.school_role(school_id, id);

ALTER TABLE ONLY public.confidential_record
    ADD CONSTRAINT confidential_record_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.confidential_record
    ADD CONSTRAINT confidential_record_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.confidential_record
    ADD CONSTRAINT confidential_record_school_id_realm_generation_fkey FOREIGN KEY (school_id, realm, generation) REFERENCES public.vault_key(school_id, realm, generation);

ALTER TABLE ONLY public.consent
    ADD CONSTRAINT consent_by_person_fkey FOREIGN KEY (by_person) REFERENCES public.person(id);

ALTER TABLE ONLY public.consent
    ADD CONSTRAINT consent_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.consent
    ADD CONSTRAINT consent_purpose_text_version_text_locale_fkey FOREIGN KEY (purpose, text_version, text_locale) REFERENCES public.consent_text(purpose, version, locale);

ALTER TABLE ONLY public.consent
    ADD CONSTRAINT consent_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.consent
    ADD CONSTRAINT consent_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.consent_stop
    ADD CONSTRAINT consent_stop_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.consent_stop
    ADD CONSTRAINT consent_stop_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.custody_limit
    ADD CONSTRAINT custody_limit_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.custody_limit
    ADD CONSTRAINT custody_limit_guardian_id_fkey FOREIGN KEY (guardian_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.custody_limit
    ADD CONSTRAINT custody_limit_pupil_id_fkey FOREIGN KEY (pupil_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.custody_limit
    ADD CONSTRAINT custody_limit_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.custody_limit
    ADD CONSTRAINT custody_limit_set_by_fkey FOREIGN KEY (set_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.dead_letter
    ADD CONSTRAINT dead_letter_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.delegation
    ADD CONSTRAINT delegation_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.delegation
    ADD CONSTRAINT delegation_giver_id_fkey FOREIGN KEY (giver_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.delegation
    ADD CONSTRAINT delegation_receiver_id_fkey FOREIGN KEY (receiver_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.delegation
    ADD CONSTRAINT delegation_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.delegation
    ADD CONSTRAINT delegation_school_id_role_id_fkey FOREIGN KEY (school_id, role_id) REFERENCES public.school_role(school_id, id);

ALTER TABLE ONLY public.delivery_link_code
    ADD CONSTRAINT delivery_link_code_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.device_cursor
    ADD CONSTRAINT device_cursor_school_id_device_id_fkey FOREIGN KEY (school_id, device_id) REFERENCES public.device(school_id, id);

ALTER TABLE ONLY public.device_health
    ADD CONSTRAINT device_health_school_id_device_id_fkey FOREIGN KEY (school_id, device_id) REFERENCES public.device(school_id, id);

ALTER TABLE ONLY public.device
    ADD CONSTRAINT device_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.device_service
    ADD CONSTRAINT device_service_school_id_device_id_fkey FOREIGN KEY (school_id, device_id) REFERENCES public.device(school_id, id);

ALTER TABLE ONLY public.document_number
    ADD CONSTRAINT document_number_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.downtime
    ADD CONSTRAINT downtime_school_id_device_id_fkey FOREIGN KEY (school_id, device_id) REFERENCES public.device(school_id, id);

ALTER TABLE ONLY public.enrolment
    ADD CONSTRAINT enrolment_pupil_id_fkey FOREIGN KEY (pupil_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.enrolment
    ADD CONSTRAINT enrolment_school_id_class_id_fkey FOREIGN KEY (school_id, class_id) REFERENCES public.school_class(school_id, id);

ALTER TABLE ONLY public.erasure
    ADD CONSTRAINT erasure_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.export_part
    ADD CONSTRAINT export_part_school_id_export_id_fkey FOREIGN KEY (school_id, export_id) REFERENCES public.export(school_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.export
    ADD CONSTRAINT export_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.file_chunk
    ADD CONSTRAINT file_chunk_school_id_file_id_fkey FOREIGN KEY (school_id, file_id) REFERENCES public.file(school_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.file
    ADD CONSTRAINT file_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.file
    ADD CONSTRAINT file_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.file
    ADD CONSTRAINT file_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.import_line
    ADD CONSTRAINT import_line_school_id_import_id_fkey FOREIGN KEY (school_id, import_id) REFERENCES public.import(school_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.import_mapping
    ADD CONSTRAINT import_mapping_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.import_row
    ADD CONSTRAINT import_row_school_id_import_id_fkey FOREIGN KEY (school_id, import_id) REFERENCES public.import(school_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.import
    ADD CONSTRAINT import_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.incident
    ADD CONSTRAINT incident_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_guardian_id_fkey FOREIGN KEY (guardian_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.job
    ADD CONSTRAINT job_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.kinship
    ADD CONSTRAINT kinship_guardian_id_fkey FOREIGN KEY (guardian_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.kinship
    ADD CONSTRAINT kinship_pupil_id_fkey FOREIGN KEY (pupil_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.kinship
    ADD CONSTRAINT kinship_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.maintenance
    ADD CONSTRAINT maintenance_school_id_device_id_fkey FOREIGN KEY (school_id, device_id) REFERENCES public.device(school_id, id);

ALTER TABLE ONLY public.maintenance
    ADD CONSTRAINT maintenance_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.missing_arrival
    ADD CONSTRAINT missing_arrival_pupil_id_fkey FOREIGN KEY (pupil_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.missing_arrival
    ADD CONSTRAINT missing_arrival_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.movement
    ADD CONSTRAINT movement_other_school_fkey FOREIGN KEY (other_school) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.movement
    ADD CONSTRAINT movement_pupil_id_fkey FOREIGN KEY (pupil_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.movement
    ADD CONSTRAINT movement_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.movement
    ADD CONSTRAINT movement_school_id_order_id_fkey FOREIGN KEY (school_id, order_id) REFERENCES public.school_order(school_id, id);

ALTER TABLE ONLY public.notice_hours
    ADD CONSTRAINT notice_hours_guardian_id_fkey FOREIGN KEY (guardian_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.notice_hours
    ADD CONSTRAINT notice_hours_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.notice_switch
    ADD CONSTRAINT notice_switch_child_id_fkey FOREIGN KEY (child_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.notice_switch
    ADD CONSTRAINT notice_switch_guardian_id_fkey FOREIGN KEY (guardian_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.notice_switch
    ADD CONSTRAINT notice_switch_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.oneroster_id
    ADD CONSTRAINT oneroster_id_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.order_number
    ADD CONSTRAINT order_number_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.organisation
    ADD CONSTRAINT organisation_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.person_iin
    ADD CONSTRAINT person_iin_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.person_merge
    ADD CONSTRAINT person_merge_gone_id_fkey FOREIGN KEY (gone_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.person_merge
    ADD CONSTRAINT person_merge_kept_id_fkey FOREIGN KEY (kept_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.person_merge
    ADD CONSTRAINT person_merge_merged_by_fkey FOREIGN KEY (merged_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.person_merge_row
    ADD CONSTRAINT person_merge_row_school_id_merge_id_fkey FOREIGN KEY (school_id, merge_id) REFERENCES public.person_merge(school_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.person_merge
    ADD CONSTRAINT person_merge_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.person_merge
    ADD CONSTRAINT person_merge_undone_by_fkey FOREIGN KEY (undone_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.person_pair
    ADD CONSTRAINT person_pair_first_id_fkey FOREIGN KEY (first_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.person_pair
    ADD CONSTRAINT person_pair_said_by_fkey FOREIGN KEY (said_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.person_pair
    ADD CONSTRAINT person_pair_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.person_pair
    ADD CONSTRAINT person_pair_second_id_fkey FOREIGN KEY (second_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.person_value
    ADD CONSTRAINT person_value_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.person_value
    ADD CONSTRAINT person_value_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.person_value
    ADD CONSTRAINT person_value_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.person_value
    ADD CONSTRAINT person_value_set_by_fkey FOREIGN KEY (set_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.presence
    ADD CONSTRAINT presence_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.presence
    ADD CONSTRAINT presence_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.pupil_photo
    ADD CONSTRAINT pupil_photo_added_by_fkey FOREIGN KEY (added_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.pupil_photo
    ADD CONSTRAINT pupil_photo_pupil_id_fkey FOREIGN KEY (pupil_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.pupil_photo
    ADD CONSTRAINT pupil_photo_school_id_file_id_fkey FOREIGN KEY (school_id, file_id) REFERENCES public.file(school_id, id);

ALTER TABLE ONLY public.pupil_photo
    ADD CONSTRAINT pupil_photo_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.pupil_photo
    ADD CONSTRAINT pupil_photo_school_id_small_id_fkey FOREIGN KEY (school_id, small_id) REFERENCES public.file(school_id, id);

ALTER TABLE ONLY public.push_token
    ADD CONSTRAINT push_token_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.role_grant
    ADD CONSTRAINT role_grant_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.role_grant
    ADD CONSTRAINT role_grant_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.role_right_switch
    ADD CONSTRAINT role_right_switch_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.rollover
    ADD CONSTRAINT rollover_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.rollover
    ADD CONSTRAINT rollover_school_id_order_id_fkey FOREIGN KEY (school_id, order_id) REFERENCES public.school_order(school_id, id);

ALTER TABLE ONLY public.school_class
    ADD CONSTRAINT school_class_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.school_day
    ADD CONSTRAINT school_day_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.school_norm
    ADD CONSTRAINT school_norm_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.school_order
    ADD CONSTRAINT school_order_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.school_person
    ADD CONSTRAINT school_person_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.school_person
    ADD CONSTRAINT school_person_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.school_role_grant
    ADD CONSTRAINT school_role_grant_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.school_role_grant
    ADD CONSTRAINT school_role_grant_school_id_role_id_fkey FOREIGN KEY (school_id, role_id) REFERENCES public.school_role(school_id, id);

ALTER TABLE ONLY public.school_role_right
    ADD CONSTRAINT school_role_right_school_id_role_id_fkey FOREIGN KEY (school_id, role_id) REFERENCES public.school_role(school_id, id);

ALTER TABLE ONLY public.school_role
    ADD CONSTRAINT school_role_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.school_tally
    ADD CONSTRAINT school_tally_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.see_as
    ADD CONSTRAINT see_as_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.see_as
    ADD CONSTRAINT see_as_seer_id_fkey FOREIGN KEY (seer_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.staff_line
    ADD CONSTRAINT staff_line_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.staff_line
    ADD CONSTRAINT staff_line_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.staff_line
    ADD CONSTRAINT staff_line_set_by_fkey FOREIGN KEY (set_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.staff_line
    ADD CONSTRAINT staff_line_struck_by_fkey FOREIGN KEY (struck_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.transfer
    ADD CONSTRAINT transfer_pupil_id_fkey FOREIGN KEY (pupil_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.transfer
    ADD CONSTRAINT transfer_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.transfer
    ADD CONSTRAINT transfer_to_school_fkey FOREIGN KEY (to_school) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.update_request
    ADD CONSTRAINT update_request_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.update_request
    ADD CONSTRAINT update_request_child_id_fkey FOREIGN KEY (child_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.update_request_field
    ADD CONSTRAINT update_request_field_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.update_request_field
    ADD CONSTRAINT update_request_field_school_id_request_id_fkey FOREIGN KEY (school_id, request_id) REFERENCES public.update_request(school_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.update_request
    ADD CONSTRAINT update_request_school_id_file_id_fkey FOREIGN KEY (school_id, file_id) REFERENCES public.file(school_id, id);

ALTER TABLE ONLY public.update_request
    ADD CONSTRAINT update_request_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.vault_key
    ADD CONSTRAINT vault_key_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE public.absence_document ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.absence_note ENABLE ROW LEVEL SECURITY;

CREATE POLICY added_by_school ON public.person_iin FOR INSERT WITH CHECK ((EXISTS ( SELECT
   FROM public.school_person sp
  WHERE (sp.person_id = person_iin.person_id))));

CREATE POLICY addressed ON public.transfer FOR SELECT USING ((to_school = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

ALTER TABLE public.announcement ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.announcement_file ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.announcement_reader ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.arrival_check ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.arrival_rule ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit_base ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit_chain ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit_head ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit_pending ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.blocked_card_use ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.breach ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.breach_person ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.breach_step ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.building ENABLE ROW LEVEL SECURITY;

CREATE POLICY by_code ON public.certificate FOR SELECT USING ((code = ( SELECT current_setting('shanyraq.certificate'::text, true) AS current_setting)));

CREATE POLICY by_code ON public.invitation FOR SELECT USING ((encode(code_hash, 'hex'::text) = ( SELECT current_setting('shanyraq.invitation'::text, true) AS current_setting)));

ALTER TABLE public.card ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.card_block ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.certificate ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.certificate_number ENABLE ROW LEVEL SECURITY;

CREATE POLICY changed_by_school ON public.person_iin FOR UPDATE USING ((EXISTS ( SELECT
   FROM public.school_person sp
  WHERE (sp.person_id = person_iin.person_id))));

CREATE POLICY claim ON public.push_token TO shanyraq_owner USING (true) WITH CHECK (true);

ALTER TABLE public.class_grant ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.confidential_record ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.consent ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.consent_stop ENABLE ROW LEVEL SECURITY;

CREATE POLICY created ON public.person FOR INSERT WITH CHECK (true);

ALTER TABLE public.custody_limit ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.dead_letter ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.delegation ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.delivery ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.delivery_link_code ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.device ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.device_cursor ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.device_health ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.device_service ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.document_number ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.downtime ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.enrolment ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.erasure ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.event ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.export ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.export_part ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.file ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.file_chunk ENABLE ROW LEVEL SECURITY;

CREATE POLICY handed_over ON public.class_grant FOR SELECT USING ((EXISTS ( SELECT
   FROM public.delegation d
  WHERE ((d.school_id = class_grant.school_id) AND (d.giver_id = class_grant.person_id) AND (d.receiver_id = ( SELECT public.current_person() AS current_person))))));

CREATE POLICY handed_over ON public.role_grant FOR SELECT USING ((EXISTS ( SELECT
   FROM public.delegation d
  WHERE ((d.school_id = role_grant.school_id) AND (d.giver_id = role_grant.person_id) AND (d.receiver_id = ( SELECT public.current_person() AS current_person))))));

CREATE POLICY handed_over ON public.school_role_grant FOR SELECT USING ((EXISTS ( SELECT
   FROM public.delegation d
  WHERE ((d.school_id = school_role_grant.school_id) AND (d.giver_id = school_role_grant.person_id) AND (d.receiver_id = ( SELECT public.current_person() AS current_person))))));

ALTER TABLE public.import ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.import_line ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.import_mapping ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.import_row ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.incident ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.invitation ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.job ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.kinship ENABLE ROW LEVEL SECURITY;

CREATE POLICY looked_up ON public.person_iin FOR SELECT TO shanyraq_owner USING (true);

ALTER TABLE public.maintenance ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.meal ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.missing_arrival ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.movement ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.notice ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.notice_hours ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.notice_switch ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.oneroster_id ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.order_number ENABLE ROW LEVEL SECURITY;

CREATE POLICY own ON public.class_grant FOR SELECT USING ((person_id = ( SELECT public.current_person() AS current_person)));

CREATE POLICY own ON public.custody_limit FOR SELECT USING ((guardian_id = ( SELECT public.current_person() AS current_person)));

CREATE POLICY own ON public.delegation FOR SELECT USING (((( SELECT public.current_person() AS current_person) = giver_id) OR (( SELECT public.current_person() AS current_person) = receiver_id)));

CREATE POLICY own ON public.delivery_link_code USING ((person_id = ( SELECT public.current_person() AS current_person))) WITH CHECK ((person_id = ( SELECT public.current_person() AS current_person)));

CREATE POLICY own ON public.kinship FOR SELECT USING ((guardian_id = ( SELECT public.current_person() AS current_person)));

CREATE POLICY own ON public.push_token USING ((person_id = ( SELECT public.current_person() AS current_person))) WITH CHECK ((person_id = ( SELECT public.current_person() AS current_person)));

CREATE POLICY own ON public.role_grant FOR SELECT USING ((person_id = ( SELECT public.current_person() AS current_person)));

CREATE POLICY own ON public.role_right_switch FOR SELECT USING (((EXISTS ( SELECT
   FROM public.role_grant g
  WHERE ((g.school_id = role_right_switch.school_id) AND (g.person_id = ( SELECT public.current_person() AS current_person))))) OR (EXISTS ( SELECT
   FROM public.class_grant g
  WHERE ((g.school_id = role_right_switch.school_id) AND (g.person_id = ( SELECT public.current_person() AS current_person))))) OR (EXISTS ( SELECT
   FROM public.delegation d
  WHERE ((d.school_id = role_right_switch.school_id) AND (d.receiver_id = ( SELECT public.current_person() AS current_person)))))));

CREATE POLICY own ON public.school_role FOR SELECT USING ((EXISTS ( SELECT
   FROM public.school_role_grant g
  WHERE ((g.school_id = school_role.school_id) AND (g.role_id = school_role.id) AND (g.person_id = ( SELECT public.current_person() AS current_person))))));

CREATE POLICY own ON public.school_role_grant FOR SELECT USING ((person_id = ( SELECT public.current_person() AS current_person)));

CREATE POLICY own ON public.school_role_right FOR SELECT USING ((EXISTS ( SELECT
   FROM public.school_role_grant g
  WHERE ((g.school_id = school_role_right.school_id) AND (g.role_id = school_role_right.role_id) AND (g.person_id = ( SELECT public.current_person() AS current_person))))));

CREATE POLICY own ON public.see_as FOR SELECT USING (((( SELECT public.current_person() AS current_person) = seer_id) OR (( SELECT public.current_person() AS current_person) = seen_id)));

CREATE POLICY own_limited ON public.school_role FOR SELECT USING (((EXISTS ( SELECT
   FROM public.class_grant g
  WHERE ((g.school_id = school_role.school_id) AND (g.role_id = school_role.id) AND (g.person_id = ( SELECT public.current_person() AS current_person))))) OR (EXISTS ( SELECT
   FROM public.delegation d
  WHERE ((d.school_id = school_role.school_id) AND (d.role_id = school_role.id) AND (d.receiver_id = ( SELECT public.current_person() AS current_person)))))));

CREATE POLICY own_limited ON public.school_role_right FOR SELECT USING (((EXISTS ( SELECT
   FROM public.class_grant g
  WHERE ((g.school_id = school_role_right.school_id) AND (g.role_id = school_role_right.role_id) AND (g.person_id = ( SELECT public.current_person() AS current_person))))) OR (EXISTS ( SELECT
   FROM public.delegation d
  WHERE ((d.school_id = school_role_right.school_id) AND (d.role_id = school_role_right.role_id) AND (d.receiver_id = ( SELECT public.current_person() AS current_person)))))));

ALTER TABLE public.pass ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.person ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.person_iin ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.person_merge ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.person_merge_row ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.person_pair ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.person_value ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.presence ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.pupil_photo ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.push_token ENABLE ROW LEVEL SECURITY;

CREATE POLICY released ON public.person TO shanyraq_jobs USING ((id = ( SELECT public.current_person() AS current_person))) WITH CHECK ((id = ( SELECT public.current_person() AS current_person)));

CREATE POLICY released ON public.person_iin FOR DELETE TO shanyraq_jobs USING ((person_id = ( SELECT public.current_person() AS current_person)));

CREATE POLICY removed_by_school ON public.person_iin FOR DELETE USING ((EXISTS ( SELECT
   FROM public.school_person sp
  WHERE (sp.person_id = person_iin.person_id))));

ALTER TABLE public.role_grant ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.role_right_switch ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.rollover ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.school_class ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.school_day ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.school_norm ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.school_order ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.school_person ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.school_role ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.school_role_grant ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.school_role_right ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.school_tally ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.see_as ENABLE ROW LEVEL SECURITY;

CREATE POLICY seen_by_school ON public.person FOR SELECT USING (((id = ( SELECT public.current_person() AS current_person)) OR (EXISTS ( SELECT
   FROM public.school_person sp
  WHERE (sp.person_id = person.id)))));

CREATE POLICY seen_by_school ON public.person_iin FOR SELECT USING (((person_id = ( SELECT public.current_person() AS current_person)) OR (EXISTS ( SELECT
   FROM public.school_person sp
  WHERE (sp.person_id = person_iin.person_id)))));

CREATE POLICY sender ON public.push_token TO shanyraq_engine, shanyraq_jobs USING (true) WITH CHECK (true);

ALTER TABLE public.staff_line ENABLE ROW LEVEL SECURITY;

CREATE POLICY taken_back ON public.person FOR DELETE TO shanyraq_jobs USING ((EXISTS ( SELECT
   FROM public.school_person sp
  WHERE (sp.person_id = person.id))));

CREATE POLICY taker ON public.delivery_link_code TO shanyraq_jobs USING (true) WITH CHECK (true);

CREATE POLICY tenant ON public.absence_document TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.absence_note TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.announcement TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.announcement_file TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.announcement_reader TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.arrival_check TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.arrival_rule TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.audit TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.audit_base TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.audit_chain TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.audit_head TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.audit_pending TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.blocked_card_use TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.breach TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.breach_person TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.breach_step TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.building TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.card TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.card_block TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.certificate TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.certificate_number TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.class_grant TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.confidential_record TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.consent TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.consent_stop TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.custody_limit TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.dead_letter TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.delegation TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.delivery TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.device TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.device_cursor TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.device_health TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.device_service TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.document_number TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.downtime TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.enrolment TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.erasure TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.event TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.export TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.export_part TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.file TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.file_chunk TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.import TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.import_line TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.import_mapping TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.import_row TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.incident TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.invitation TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.job TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.kinship TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.maintenance TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.meal TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.missing_arrival TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.movement TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.notice TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.notice_hours TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.notice_switch TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.oneroster_id TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.order_number TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.pass TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.person_merge TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.person_merge_row TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.person_pair TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.person_value TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.presence TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.pupil_photo TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.role_grant TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.role_right_switch TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.rollover TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.school_class TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.school_day TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.school_norm TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.school_order TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.school_person TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.school_role TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.school_role_grant TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.school_role_right TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.school_tally TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.see_as TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.staff_line TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.transfer TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.update_request TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.update_request_field TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.vault_key TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant_in_batch ON public.absence_document TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.absence_note TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.announcement TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.announcement_file TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.announcement_reader TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.arrival_check TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.arrival_rule TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.audit TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.audit_base TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.audit_chain TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.audit_head TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.audit_pending TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.blocked_card_use TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.breach TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.breach_person TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.breach_step TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.building TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.card TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.card_block TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.certificate TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.certificate_number TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.class_grant TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.confidential_record TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.consent TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.consent_stop TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.custody_limit TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.dead_letter TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.delegation TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.delivery TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.device TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.device_cursor TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.device_health TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.device_service TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.document_number TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.downtime TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.enrolment TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.erasure TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.event TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.export TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.export_part TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.file TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.file_chunk TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.import TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.import_line TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.import_mapping TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.import_row TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.incident TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.invitation TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.job TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.kinship TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.maintenance TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.meal TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.missing_arrival TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.movement TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.notice TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.notice_hours TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.notice_switch TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.oneroster_id TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.order_number TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.pass TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.person_merge TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.person_merge_row TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.person_pair TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.person_value TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.presence TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.pupil_photo TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.role_grant TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.role_right_switch TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.rollover TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.school_class TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.school_day TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.school_norm TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.school_order TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.school_person TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.school_role TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.school_role_grant TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.school_role_right TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.school_tally TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.see_as TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.staff_line TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.transfer TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.update_request TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.update_request_field TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.vault_key TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

ALTER TABLE public.transfer ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.update_request ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.update_request_field ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.vault_key ENABLE ROW LEVEL SECURITY;

CREATE POLICY written_by_school ON public.person FOR UPDATE USING ((EXISTS ( SELECT
   FROM public.school_person sp
  WHERE (sp.person_id = person.id))));

GRANT ALL ON SCHEMA public TO shanyraq_owner;

REVOKE ALL ON FUNCTION public.delivery_carry_wishes(guardians uuid[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.delivery_claim_push_token(its_channel text, its_token text, at timestamp with time zone) FROM PUBLIC;

GRANT ALL ON FUNCTION public.delivery_claim_push_token(its_channel text, its_token text, at timestamp with time zone) TO shanyraq_web;

REVOKE ALL ON FUNCTION public.delivery_wishes_follow() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.departments_figures(asked uuid) FROM PUBLIC;

GRANT ALL ON FUNCTION public.departments_figures(asked uuid) TO shanyraq_web;

REVOKE ALL ON FUNCTION public.ensure_partitions(months_ahead integer) FROM PUBLIC;

GRANT ALL ON FUNCTION public.ensure_partitions(months_ahead integer) TO shanyraq_engine;

GRANT ALL ON FUNCTION public.ensure_partitions(months_ahead integer) TO shanyraq_jobs;

REVOKE ALL ON FUNCTION public.erasure_search(its_relation text, needles text[]) FROM PUBLIC;

GRANT ALL ON FUNCTION public.erasure_search(its_relation text, needles text[]) TO shanyraq_jobs;

REVOKE ALL ON FUNCTION public.identity_works_elsewhere(here uuid, persons uuid[]) FROM PUBLIC;

GRANT ALL ON FUNCTION public.identity_works_elsewhere(here uuid, persons uuid[]) TO shanyraq_web;

REVOKE ALL ON PROCEDURE public.make_tenant_table(IN t regclass) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.people_merge_columns() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.people_merge_counts(its_school uuid, who uuid) FROM PUBLIC;

GRANT ALL ON FUNCTION public.people_merge_counts(its_school uuid, who uuid) TO shanyraq_web;

REVOKE ALL ON FUNCTION public.people_merge_facts(its_school uuid, kept uuid, gone uuid) FROM PUBLIC;

GRANT ALL ON FUNCTION public.people_merge_facts(its_school uuid, kept uuid, gone uuid) TO shanyraq_web;

REVOKE ALL ON FUNCTION public.people_merge_move(its_school uuid, its_id uuid) FROM PUBLIC;

GRANT ALL ON FUNCTION public.people_merge_move(its_school uuid, its_id uuid) TO shanyraq_web;

REVOKE ALL ON FUNCTION public.people_merge_picture(its_school uuid, kept uuid, gone uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.people_merge_seal(its_school uuid, its_id uuid) FROM PUBLIC;

GRANT ALL ON FUNCTION public.people_merge_seal(its_school uuid, its_id uuid) TO shanyraq_web;

REVOKE ALL ON FUNCTION public.people_merge_undo(its_school uuid, its_id uuid) FROM PUBLIC;

GRANT ALL ON FUNCTION public.people_merge_undo(its_school uuid, its_id uuid) TO shanyraq_web;

REVOKE ALL ON FUNCTION public.people_schooling_before(receiver uuid, pupil uuid) FROM PUBLIC;

GRANT ALL ON FUNCTION public.people_schooling_before(receiver uuid, pupil uuid) TO shanyraq_web;

REVOKE ALL ON FUNCTION public.people_transfer_accept(receiver uuid, its_hash bytea, on_date date, by_person uuid, at timestamp with time zone) FROM PUBLIC;

GRANT ALL ON FUNCTION public.people_transfer_accept(receiver uuid, its_hash bytea, on_date date, by_person uuid, at timestamp with time zone) TO shanyraq_web;

REVOKE ALL ON FUNCTION public.person_iin_hold() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.retention_drop_parts(its_what text) FROM PUBLIC;

GRANT ALL ON FUNCTION public.retention_drop_parts(its_what text) TO shanyraq_jobs;

REVOKE ALL ON FUNCTION public.retention_parts(its_what text) FROM PUBLIC;

GRANT ALL ON FUNCTION public.retention_parts(its_what text) TO shanyraq_jobs;

REVOKE ALL ON PROCEDURE public.tell_standing(IN t regclass, IN kind text, IN col text) FROM PUBLIC;

GRANT SELECT,INSERT ON TABLE public.absence_document TO shanyraq_web;

GRANT SELECT,DELETE ON TABLE public.absence_document TO shanyraq_jobs;

GRANT UPDATE(generation) ON TABLE public.absence_document TO shanyraq_jobs;

GRANT UPDATE(sealed_key) ON TABLE public.absence_document TO shanyraq_jobs;

GRANT SELECT,INSERT,UPDATE ON TABLE public.absence_note TO shanyraq_web;

GRANT SELECT,DELETE ON TABLE public.absence_note TO shanyraq_jobs;

GRANT SELECT,INSERT,UPDATE ON TABLE public.account TO shanyraq_web;

GRANT SELECT,DELETE ON TABLE public.account TO shanyraq_jobs;

GRANT SELECT,INSERT,DELETE ON TABLE public.account_email_question TO shanyraq_web;

GRANT SELECT,DELETE ON TABLE public.account_email_question TO shanyraq_jobs;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.account_half_open TO shanyraq_web;

GRANT SELECT,DELETE ON TABLE public.account_half_open TO shanyraq_jobs;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.account_identifier TO shanyraq_web;

GRANT SELECT,DELETE ON TABLE public.account_identifier TO shanyraq_jobs;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.account_key TO shanyraq_web;

GRANT SELECT,DELETE ON TABLE public.account_key TO shanyraq_jobs;

GRANT SELECT,INSERT,DELETE ON TABLE public.account_key_code TO shanyraq_web;

GRANT SELECT,DELETE ON TABLE public.account_key_code TO shanyraq_jobs;

GRANT SELECT,INSERT,DELETE ON TABLE public.account_key_proof TO shanyraq_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.account_passkey TO shanyraq_web;

GRANT SELECT,DELETE ON TABLE public.account_passkey TO shanyraq_jobs;

GRANT SELECT,INSERT,DELETE ON TABLE public.account_passkey_question TO shanyraq_web;

GRANT SELECT,DELETE ON TABLE public.account_passkey_question TO shanyraq_jobs;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.account_recovery TO shanyraq_web;

GRANT SELECT,DELETE ON TABLE public.account_recovery TO shanyraq_jobs;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.account_recovery_code TO shanyraq_web;

GRANT SELECT,DELETE ON TABLE public.account_recovery_code TO shanyraq_jobs;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.account_totp TO shanyraq_web;

GRANT SELECT,DELETE ON TABLE public.account_totp TO shanyraq_jobs;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.announcement TO shanyraq_web;

GRANT SELECT ON TABLE public.announcement TO shanyraq_jobs;

GRANT SELECT,INSERT,DELETE ON TABLE public.announcement_file TO shanyraq_web;

GRANT SELECT ON TABLE public.announcement_file TO shanyraq_jobs;

GRANT SELECT,INSERT,UPDATE ON TABLE public.announcement_reader TO shanyraq_web;

GRANT SELECT,DELETE,UPDATE ON TABLE public.announcement_reader TO shanyraq_jobs;

GRANT SELECT ON TABLE public.arrival_check TO shanyraq_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.arrival_check TO shanyraq_jobs;

GRANT SELECT,INSERT,UPDATE ON TABLE public.arrival_rule TO shanyraq_web;

GRANT SELECT,UPDATE ON TABLE public.arrival_rule TO shanyraq_jobs;

GRANT SELECT,INSERT ON TABLE public.audit TO shanyraq_web;

GRANT SELECT,INSERT ON TABLE public.audit TO shanyraq_jobs;

GRANT INSERT ON TABLE public.audit TO shanyraq_engine;

GRANT SELECT ON TABLE public.audit TO shanyraq_report;

GRANT SELECT ON TABLE public.audit_base TO shanyraq_web;

GRANT SELECT ON TABLE public.audit_base TO shanyraq_jobs;

GRANT SELECT ON TABLE public.audit_base TO shanyraq_report;

GRANT SELECT ON TABLE public.audit_chain TO shanyraq_web;

GRANT SELECT ON TABLE public.audit_chain TO shanyraq_report;

GRANT SELECT,INSERT ON TABLE public.audit_chain TO shanyraq_jobs;

GRANT SELECT ON TABLE public.audit_head TO shanyraq_web;

GRANT SELECT ON TABLE public.audit_head TO shanyraq_report;

GRANT SELECT,INSERT ON TABLE public.audit_head TO shanyraq_jobs;

GRANT UPDATE(n) ON TABLE public.audit_head TO shanyraq_jobs;

GRANT UPDATE(hash) ON TABLE public.audit_head TO shanyraq_jobs;

GRANT UPDATE(chained_at) ON TABLE public.audit_head TO shanyraq_jobs;

GRANT SELECT,INSERT ON TABLE public.audit_pending TO shanyraq_web;

GRANT INSERT ON TABLE public.audit_pending TO shanyraq_engine;

GRANT SELECT,INSERT,DELETE ON TABLE public.audit_pending TO shanyraq_jobs;

GRANT SELECT ON TABLE public.audit_pending TO shanyraq_report;

GRANT SELECT,INSERT ON TABLE public.blocked_card_use TO shanyraq_engine;

GRANT SELECT ON TABLE public.blocked_card_use TO shanyraq_web;

GRANT SELECT ON TABLE public.blocked_card_use TO shanyraq_report;

GRANT SELECT,DELETE ON TABLE public.blocked_card_use TO shanyraq_jobs;

GRANT SELECT,INSERT ON TABLE public.breach TO shanyraq_web;

GRANT SELECT ON TABLE public.breach TO shanyraq_jobs;

GRANT SELECT ON TABLE public.breach TO shanyraq_report;

GRANT UPDATE(reported_at) ON TABLE public.breach TO shanyraq_web;

GRANT UPDATE(reported_as) ON TABLE public.breach TO shanyraq_web;

GRANT UPDATE(closed_at) ON TABLE public.breach TO shanyraq_web;

GRANT SELECT,INSERT,DELETE ON TABLE public.breach_person TO shanyraq_web;

GRANT UPDATE(told_at) ON TABLE public.breach_person TO shanyraq_web;

GRANT SELECT,INSERT ON TABLE public.breach_step TO shanyraq_web;

GRANT SELECT,INSERT ON TABLE public.building TO shanyraq_web;

GRANT SELECT ON TABLE public.building TO shanyraq_jobs;

GRANT SELECT ON TABLE public.building TO shanyraq_report;

GRANT SELECT,INSERT,UPDATE ON TABLE public.card TO shanyraq_web;

GRANT SELECT ON TABLE public.card TO shanyraq_engine;

GRANT SELECT,DELETE ON TABLE public.card TO shanyraq_jobs;

GRANT SELECT ON TABLE public.card TO shanyraq_report;

GRANT UPDATE(valid_to) ON TABLE public.card TO shanyraq_jobs;

GRANT SELECT,INSERT,UPDATE ON TABLE public.card_block TO shanyraq_web;

GRANT SELECT ON TABLE public.card_block TO shanyraq_engine;

GRANT SELECT,DELETE,UPDATE ON TABLE public.card_block TO shanyraq_jobs;

GRANT SELECT ON TABLE public.card_block TO shanyraq_report;

GRANT SELECT,INSERT ON TABLE public.certificate TO shanyraq_web;

GRANT SELECT,DELETE ON TABLE public.certificate TO shanyraq_jobs;

GRANT UPDATE(revoked_by) ON TABLE public.certificate TO shanyraq_web;

GRANT UPDATE(revoked_at) ON TABLE public.certificate TO shanyraq_web;

GRANT UPDATE(revoked_why) ON TABLE public.certificate TO shanyraq_web;

GRANT SELECT,INSERT,UPDATE ON TABLE public.certificate_number TO shanyraq_web;

GRANT SELECT,INSERT,UPDATE ON TABLE public.class_grant TO shanyraq_web;

GRANT SELECT,DELETE ON TABLE public.class_grant TO shanyraq_jobs;

GRANT SELECT,INSERT ON TABLE public.confidential_record TO shanyraq_web;

GRANT SELECT,DELETE ON TABLE public.confidential_record TO shanyraq_jobs;

GRANT UPDATE(generation) ON TABLE public.confidential_record TO shanyraq_jobs;

GRANT UPDATE(sealed) ON TABLE public.confidential_record TO shanyraq_jobs;

GRANT SELECT,INSERT ON TABLE public.consent TO shanyraq_web;

GRANT SELECT,DELETE ON TABLE public.consent TO shanyraq_jobs;

GRANT SELECT ON TABLE public.consent TO shanyraq_report;

GRANT SELECT ON TABLE public.consent_purpose TO shanyraq_web;

GRANT SELECT ON TABLE public.consent_purpose TO shanyraq_engine;

GRANT SELECT ON TABLE public.consent_purpose TO shanyraq_jobs;

GRANT SELECT ON TABLE public.consent_purpose TO shanyraq_report;

GRANT SELECT,INSERT ON TABLE public.consent_stop TO shanyraq_web;

GRANT SELECT ON TABLE public.consent_stop TO shanyraq_engine;

GRANT SELECT,DELETE ON TABLE public.consent_stop TO shanyraq_jobs;

GRANT SELECT ON TABLE public.consent_stop TO shanyraq_report;

GRANT UPDATE(until) ON TABLE public.consent_stop TO shanyraq_web;

GRANT UPDATE(changed_at) ON TABLE public.consent_stop TO shanyraq_web;

GRANT SELECT ON TABLE public.consent_text TO shanyraq_web;

GRANT SELECT ON TABLE public.consent_text TO shanyraq_jobs;

GRANT SELECT ON TABLE public.consent_text TO shanyraq_report;

GRANT SELECT,INSERT,UPDATE ON TABLE public.custody_limit TO shanyraq_web;

GRANT SELECT ON TABLE public.custody_limit TO shanyraq_engine;

GRANT SELECT,DELETE ON TABLE public.custody_limit TO shanyraq_jobs;

GRANT SELECT ON TABLE public.custody_limit TO shanyraq_report;

GRANT SELECT ON TABLE public.day_off TO shanyraq_web;

GRANT SELECT ON TABLE public.day_off TO shanyraq_jobs;

GRANT SELECT ON TABLE public.day_off TO shanyraq_report;

GRANT SELECT,INSERT ON TABLE public.dead_letter TO shanyraq_engine;

GRANT SELECT ON TABLE public.dead_letter TO shanyraq_web;

GRANT SELECT,DELETE ON TABLE public.dead_letter TO shanyraq_jobs;

GRANT SELECT ON TABLE public.dead_letter TO shanyraq_report;

GRANT SELECT,INSERT,UPDATE ON TABLE public.delegation TO shanyraq_web;

GRANT SELECT ON TABLE public.delegation TO shanyraq_jobs;

GRANT SELECT,INSERT,UPDATE ON TABLE public.delivery TO shanyraq_engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.delivery TO shanyraq_jobs;

GRANT SELECT ON TABLE public.delivery TO shanyraq_web;

GRANT SELECT ON TABLE public.delivery TO shanyraq_report;

GRANT UPDATE(lease_until) ON TABLE public.delivery TO shanyraq_web;

GRANT UPDATE(outcome) ON TABLE public.delivery TO shanyraq_web;

GRANT UPDATE(outcome_at) ON TABLE public.delivery TO shanyraq_web;

GRANT UPDATE(replayed_at) ON TABLE public.delivery TO shanyraq_web;

GRANT SELECT,INSERT,UPDATE ON TABLE public.delivery_bot TO shanyraq_jobs;

GRANT SELECT,INSERT,DELETE ON TABLE public.delivery_link_code TO shanyraq_web;

GRANT SELECT,DELETE ON TABLE public.delivery_link_code TO shanyraq_jobs;

GRANT SELECT ON TABLE public.delivery_v_delivery TO shanyraq_web;

GRANT SELECT ON TABLE public.delivery_v_delivery TO shanyraq_report;

GRANT SELECT,INSERT ON TABLE public.notice TO shanyraq_engine;

GRANT SELECT,INSERT,DELETE ON TABLE public.notice TO shanyraq_jobs;

GRANT SELECT ON TABLE public.notice TO shanyraq_web;

GRANT SELECT ON TABLE public.notice TO shanyraq_report;

GRANT UPDATE(read_at) ON TABLE public.notice TO shanyraq_web;

GRANT SELECT ON TABLE public.delivery_v_notice TO shanyraq_web;

GRANT SELECT ON TABLE public.delivery_v_notice TO shanyraq_report;

GRANT SELECT,INSERT,UPDATE ON TABLE public.device TO shanyraq_web;

GRANT SELECT ON TABLE public.device TO shanyraq_engine;

GRANT SELECT ON TABLE public.device TO shanyraq_jobs;

GRANT SELECT ON TABLE public.device TO shanyraq_report;

GRANT SELECT,INSERT,UPDATE ON TABLE public.device_cursor TO shanyraq_engine;

GRANT SELECT ON TABLE public.device_cursor TO shanyraq_web;

GRANT SELECT ON TABLE public.device_cursor TO shanyraq_jobs;

GRANT SELECT ON TABLE public.device_cursor TO shanyraq_report;

GRANT SELECT,INSERT,UPDATE ON TABLE public.device_health TO shanyraq_engine;

GRANT SELECT ON TABLE public.device_health TO shanyraq_web;

GRANT SELECT,DELETE ON TABLE public.device_health TO shanyraq_jobs;

GRANT SELECT ON TABLE public.device_health TO shanyraq_report;

GRANT UPDATE(status) ON TABLE public.device_health TO shanyraq_jobs;

GRANT SELECT,INSERT ON TABLE public.device_service TO shanyraq_engine;

GRANT SELECT ON TABLE public.device_service TO shanyraq_web;

GRANT SELECT ON TABLE public.device_service TO shanyraq_jobs;

GRANT SELECT ON TABLE public.device_service TO shanyraq_report;

GRANT SELECT,INSERT,UPDATE ON TABLE public.document_number TO shanyraq_jobs;

GRANT SELECT,INSERT ON TABLE public.downtime TO shanyraq_engine;

GRANT SELECT ON TABLE public.downtime TO shanyraq_web;

GRANT SELECT ON TABLE public.downtime TO shanyraq_report;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.downtime TO shanyraq_jobs;

GRANT UPDATE(ended_at) ON TABLE public.downtime TO shanyraq_engine;

GRANT UPDATE(taken_at) ON TABLE public.downtime TO shanyraq_web;

GRANT SELECT ON TABLE public.engine_v_cursor TO shanyraq_web;

GRANT SELECT ON TABLE public.engine_v_cursor TO shanyraq_jobs;

GRANT SELECT ON TABLE public.engine_v_cursor TO shanyraq_report;

GRANT SELECT,INSERT ON TABLE public.event TO shanyraq_engine;

GRANT SELECT ON TABLE public.event TO shanyraq_web;

GRANT SELECT ON TABLE public.event TO shanyraq_jobs;

GRANT SELECT ON TABLE public.event TO shanyraq_report;

GRANT UPDATE(body) ON TABLE public.event TO shanyraq_jobs;

GRANT SELECT ON TABLE public.engine_v_event TO shanyraq_web;

GRANT SELECT ON TABLE public.engine_v_event TO shanyraq_jobs;

GRANT SELECT ON TABLE public.engine_v_event TO shanyraq_report;

GRANT SELECT,INSERT,UPDATE ON TABLE public.incident TO shanyraq_engine;

GRANT SELECT,INSERT,UPDATE ON TABLE public.incident TO shanyraq_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.incident TO shanyraq_jobs;

GRANT SELECT ON TABLE public.engine_v_incident TO shanyraq_web;

GRANT SELECT ON TABLE public.engine_v_incident TO shanyraq_jobs;

GRANT SELECT ON TABLE public.engine_v_incident TO shanyraq_report;

GRANT SELECT ON TABLE public.engine_v_letter TO shanyraq_web;

GRANT SELECT ON TABLE public.engine_v_letter TO shanyraq_jobs;

GRANT SELECT ON TABLE public.engine_v_letter TO shanyraq_report;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.enrolment TO shanyraq_web;

GRANT SELECT ON TABLE public.enrolment TO shanyraq_engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.enrolment TO shanyraq_jobs;

GRANT SELECT ON TABLE public.enrolment TO shanyraq_report;

GRANT SELECT,INSERT ON TABLE public.erasure TO shanyraq_web;

GRANT SELECT ON TABLE public.erasure TO shanyraq_jobs;

GRANT SELECT ON TABLE public.erasure TO shanyraq_report;

GRANT UPDATE(number) ON TABLE public.erasure TO shanyraq_jobs;

GRANT UPDATE(counts) ON TABLE public.erasure TO shanyraq_jobs;

GRANT UPDATE(proof) ON TABLE public.erasure TO shanyraq_jobs;

GRANT UPDATE(finished_at) ON TABLE public.erasure TO shanyraq_jobs;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.export TO shanyraq_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.export TO shanyraq_jobs;

GRANT SELECT ON TABLE public.export TO shanyraq_report;

GRANT SELECT,DELETE ON TABLE public.export_part TO shanyraq_web;

GRANT SELECT,INSERT,DELETE ON TABLE public.export_part TO shanyraq_jobs;

GRANT SELECT ON TABLE public.export_part TO shanyraq_report;

GRANT SELECT,INSERT,DELETE ON TABLE public.file TO shanyraq_web;

GRANT SELECT,DELETE ON TABLE public.file TO shanyraq_jobs;

GRANT SELECT ON TABLE public.file TO shanyraq_report;

GRANT SELECT,INSERT,DELETE ON TABLE public.file_chunk TO shanyraq_web;

GRANT SELECT,DELETE ON TABLE public.file_chunk TO shanyraq_jobs;

GRANT SELECT ON TABLE public.file_chunk TO shanyraq_report;

GRANT SELECT ON TABLE public.fleet_v_blind_gate TO shanyraq_jobs;

GRANT SELECT ON TABLE public.fleet_v_device TO shanyraq_web;

GRANT SELECT ON TABLE public.fleet_v_device TO shanyraq_jobs;

GRANT SELECT ON TABLE public.fleet_v_device TO shanyraq_report;

GRANT SELECT ON TABLE public.fleet_v_gate_offline TO shanyraq_jobs;

GRANT SELECT ON TABLE public.identity_v_account TO shanyraq_web;

GRANT SELECT ON TABLE public.identity_v_class_teacher TO shanyraq_web;

GRANT SELECT ON TABLE public.identity_v_class_teacher TO shanyraq_jobs;

GRANT SELECT ON TABLE public.identity_v_consent TO shanyraq_web;

GRANT SELECT ON TABLE public.identity_v_consent TO shanyraq_jobs;

GRANT SELECT ON TABLE public.identity_v_consent TO shanyraq_report;

GRANT SELECT ON TABLE public.identity_v_consent_stop TO shanyraq_web;

GRANT SELECT ON TABLE public.identity_v_consent_stop TO shanyraq_engine;

GRANT SELECT ON TABLE public.identity_v_consent_stop TO shanyraq_jobs;

GRANT SELECT ON TABLE public.identity_v_consent_stop TO shanyraq_report;

GRANT SELECT ON TABLE public.identity_v_day_off TO shanyraq_web;

GRANT SELECT ON TABLE public.identity_v_day_off TO shanyraq_jobs;

GRANT SELECT ON TABLE public.identity_v_day_off TO shanyraq_report;

GRANT SELECT,INSERT,UPDATE ON TABLE public.role_grant TO shanyraq_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.role_grant TO shanyraq_jobs;

GRANT SELECT,INSERT,UPDATE ON TABLE public.school_role_grant TO shanyraq_web;

GRANT SELECT,DELETE ON TABLE public.school_role_grant TO shanyraq_jobs;

GRANT SELECT ON TABLE public.identity_v_held TO shanyraq_web;

GRANT SELECT ON TABLE public.identity_v_held TO shanyraq_jobs;

GRANT SELECT,INSERT,UPDATE ON TABLE public.invitation TO shanyraq_web;

GRANT SELECT,DELETE ON TABLE public.invitation TO shanyraq_jobs;

GRANT SELECT ON TABLE public.identity_v_invited TO shanyraq_web;

GRANT SELECT ON TABLE public.identity_v_office TO shanyraq_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.import TO shanyraq_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.import TO shanyraq_jobs;

GRANT SELECT ON TABLE public.import TO shanyraq_report;

GRANT SELECT,INSERT,DELETE ON TABLE public.import_line TO shanyraq_web;

GRANT SELECT,INSERT,DELETE ON TABLE public.import_line TO shanyraq_jobs;

GRANT SELECT ON TABLE public.import_line TO shanyraq_report;

GRANT SELECT,INSERT,UPDATE ON TABLE public.import_mapping TO shanyraq_web;

GRANT SELECT ON TABLE public.import_mapping TO shanyraq_report;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.import_row TO shanyraq_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.import_row TO shanyraq_jobs;

GRANT SELECT ON TABLE public.import_row TO shanyraq_report;

GRANT SELECT,INSERT ON TABLE public.job TO shanyraq_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.job TO shanyraq_jobs;

GRANT SELECT ON TABLE public.job TO shanyraq_report;

GRANT SELECT,INSERT,UPDATE ON TABLE public.kinship TO shanyraq_web;

GRANT SELECT ON TABLE public.kinship TO shanyraq_engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.kinship TO shanyraq_jobs;

GRANT SELECT ON TABLE public.kinship TO shanyraq_report;

GRANT SELECT,INSERT ON TABLE public.maintenance TO shanyraq_web;

GRANT SELECT,DELETE,UPDATE ON TABLE public.maintenance TO shanyraq_jobs;

GRANT SELECT ON TABLE public.maintenance TO shanyraq_report;

GRANT UPDATE(called_off_at) ON TABLE public.maintenance TO shanyraq_web;

GRANT SELECT,INSERT ON TABLE public.meal TO shanyraq_engine;

GRANT SELECT ON TABLE public.meal TO shanyraq_web;

GRANT SELECT ON TABLE public.meal TO shanyraq_jobs;

GRANT SELECT ON TABLE public.meal TO shanyraq_report;

GRANT UPDATE(person_id) ON TABLE public.meal TO shanyraq_jobs;

GRANT SELECT ON TABLE public.missing_arrival TO shanyraq_web;

GRANT SELECT,INSERT,DELETE ON TABLE public.missing_arrival TO shanyraq_jobs;

GRANT SELECT,INSERT ON TABLE public.movement TO shanyraq_web;

GRANT SELECT,INSERT,DELETE ON TABLE public.movement TO shanyraq_jobs;

GRANT SELECT ON TABLE public.movement TO shanyraq_report;

GRANT UPDATE(undone_at) ON TABLE public.movement TO shanyraq_web;

GRANT UPDATE(undone_at) ON TABLE public.movement TO shanyraq_jobs;

GRANT UPDATE(undone_by) ON TABLE public.movement TO shanyraq_web;

GRANT UPDATE(undone_by) ON TABLE public.movement TO shanyraq_jobs;

GRANT SELECT ON TABLE public.notice_hours TO shanyraq_engine;

GRANT SELECT,DELETE ON TABLE public.notice_hours TO shanyraq_jobs;

GRANT SELECT,INSERT,UPDATE ON TABLE public.notice_hours TO shanyraq_web;

GRANT SELECT ON TABLE public.notice_switch TO shanyraq_engine;

GRANT SELECT,DELETE ON TABLE public.notice_switch TO shanyraq_jobs;

GRANT SELECT,INSERT,UPDATE ON TABLE public.notice_switch TO shanyraq_web;

GRANT SELECT,INSERT,UPDATE ON TABLE public.oneroster_id TO shanyraq_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.oneroster_id TO shanyraq_jobs;

GRANT SELECT ON TABLE public.oneroster_id TO shanyraq_report;

GRANT SELECT,INSERT,UPDATE ON TABLE public.order_number TO shanyraq_web;

GRANT SELECT,INSERT,UPDATE ON TABLE public.organisation TO shanyraq_web;

GRANT SELECT ON TABLE public.organisation TO shanyraq_engine;

GRANT SELECT ON TABLE public.organisation TO shanyraq_jobs;

GRANT SELECT ON TABLE public.organisation TO shanyraq_report;

GRANT SELECT,INSERT ON TABLE public.pass TO shanyraq_engine;

GRANT SELECT ON TABLE public.pass TO shanyraq_web;

GRANT SELECT ON TABLE public.pass TO shanyraq_jobs;

GRANT SELECT ON TABLE public.pass TO shanyraq_report;

GRANT UPDATE(person_id) ON TABLE public.pass TO shanyraq_jobs;

GRANT SELECT ON TABLE public.pension_age TO shanyraq_web;

GRANT SELECT ON TABLE public.pension_age TO shanyraq_report;

GRANT SELECT,INSERT,UPDATE ON TABLE public.school_person TO shanyraq_web;

GRANT SELECT ON TABLE public.school_person TO shanyraq_engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.school_person TO shanyraq_jobs;

GRANT SELECT ON TABLE public.school_person TO shanyraq_report;

GRANT SELECT ON TABLE public.people_v_adult TO shanyraq_web;

GRANT SELECT ON TABLE public.people_v_adult TO shanyraq_jobs;

GRANT SELECT,INSERT,UPDATE ON TABLE public.person TO shanyraq_web;

GRANT SELECT ON TABLE public.person TO shanyraq_engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.person TO shanyraq_jobs;

GRANT SELECT ON TABLE public.person TO shanyraq_report;

GRANT UPDATE(surname) ON TABLE public.person TO shanyraq_jobs;

GRANT UPDATE(given_name) ON TABLE public.person TO shanyraq_jobs;

GRANT UPDATE(patronymic) ON TABLE public.person TO shanyraq_jobs;

GRANT UPDATE(birth_date) ON TABLE public.person TO shanyraq_jobs;

GRANT UPDATE(sex) ON TABLE public.person TO shanyraq_jobs;

GRANT SELECT ON TABLE public.people_v_belonging TO shanyraq_web;

GRANT SELECT ON TABLE public.people_v_belonging TO shanyraq_jobs;

GRANT SELECT ON TABLE public.people_v_belonging TO shanyraq_report;

GRANT SELECT ON TABLE public.people_v_building TO shanyraq_web;

GRANT SELECT ON TABLE public.people_v_building TO shanyraq_jobs;

GRANT SELECT ON TABLE public.people_v_building TO shanyraq_report;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.school_class TO shanyraq_web;

GRANT SELECT ON TABLE public.school_class TO shanyraq_engine;

GRANT SELECT,DELETE ON TABLE public.school_class TO shanyraq_jobs;

GRANT SELECT ON TABLE public.school_class TO shanyraq_report;

GRANT SELECT ON TABLE public.people_v_class TO shanyraq_web;

GRANT SELECT ON TABLE public.people_v_class TO shanyraq_engine;

GRANT SELECT ON TABLE public.people_v_class TO shanyraq_jobs;

GRANT SELECT ON TABLE public.people_v_class TO shanyraq_report;

GRANT SELECT ON TABLE public.people_v_class_time TO shanyraq_web;

GRANT SELECT ON TABLE public.people_v_class_time TO shanyraq_engine;

GRANT SELECT ON TABLE public.people_v_class_time TO shanyraq_jobs;

GRANT SELECT ON TABLE public.people_v_class_time TO shanyraq_report;

GRANT SELECT ON TABLE public.people_v_kinship TO shanyraq_web;

GRANT SELECT ON TABLE public.people_v_kinship TO shanyraq_engine;

GRANT SELECT ON TABLE public.people_v_kinship TO shanyraq_jobs;

GRANT SELECT ON TABLE public.people_v_kinship TO shanyraq_report;

GRANT SELECT ON TABLE public.people_v_member TO shanyraq_web;

GRANT SELECT ON TABLE public.people_v_member TO shanyraq_engine;

GRANT SELECT ON TABLE public.people_v_member TO shanyraq_jobs;

GRANT SELECT ON TABLE public.people_v_member TO shanyraq_report;

GRANT SELECT ON TABLE public.people_v_name TO shanyraq_web;

GRANT SELECT ON TABLE public.people_v_name TO shanyraq_engine;

GRANT SELECT ON TABLE public.people_v_name TO shanyraq_jobs;

GRANT SELECT ON TABLE public.people_v_name TO shanyraq_report;

GRANT SELECT ON TABLE public.people_v_organisation TO shanyraq_web;

GRANT SELECT ON TABLE public.people_v_organisation TO shanyraq_engine;

GRANT SELECT ON TABLE public.people_v_organisation TO shanyraq_jobs;

GRANT SELECT ON TABLE public.people_v_organisation TO shanyraq_report;

GRANT SELECT,INSERT,UPDATE ON TABLE public.person_value TO shanyraq_web;

GRANT SELECT,INSERT,DELETE ON TABLE public.person_value TO shanyraq_jobs;

GRANT SELECT ON TABLE public.person_value TO shanyraq_report;

GRANT SELECT ON TABLE public.people_v_phone TO shanyraq_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.pupil_photo TO shanyraq_web;

GRANT SELECT,DELETE ON TABLE public.pupil_photo TO shanyraq_jobs;

GRANT SELECT ON TABLE public.pupil_photo TO shanyraq_report;

GRANT SELECT ON TABLE public.people_v_photo TO shanyraq_web;

GRANT SELECT ON TABLE public.people_v_photo TO shanyraq_jobs;

GRANT SELECT ON TABLE public.people_v_photo TO shanyraq_report;

GRANT SELECT ON TABLE public.people_v_pupil TO shanyraq_web;

GRANT SELECT ON TABLE public.people_v_pupil TO shanyraq_engine;

GRANT SELECT ON TABLE public.people_v_pupil TO shanyraq_jobs;

GRANT SELECT ON TABLE public.people_v_pupil TO shanyraq_report;

GRANT SELECT ON TABLE public.people_v_pupil_class TO shanyraq_web;

GRANT SELECT ON TABLE public.people_v_pupil_class TO shanyraq_jobs;

GRANT SELECT ON TABLE public.people_v_schooling TO shanyraq_web;

GRANT SELECT ON TABLE public.people_v_schooling TO shanyraq_jobs;

GRANT SELECT ON TABLE public.people_v_schooling TO shanyraq_report;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.person_iin TO shanyraq_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.person_iin TO shanyraq_jobs;

GRANT SELECT,INSERT,UPDATE ON TABLE public.person_merge TO shanyraq_web;

GRANT SELECT,DELETE ON TABLE public.person_merge TO shanyraq_jobs;

GRANT SELECT,DELETE ON TABLE public.person_merge_row TO shanyraq_jobs;

GRANT SELECT,INSERT,DELETE ON TABLE public.person_pair TO shanyraq_web;

GRANT SELECT,DELETE ON TABLE public.person_pair TO shanyraq_jobs;

GRANT SELECT,INSERT,UPDATE ON TABLE public.presence TO shanyraq_engine;

GRANT SELECT ON TABLE public.presence TO shanyraq_web;

GRANT SELECT,DELETE ON TABLE public.presence TO shanyraq_jobs;

GRANT SELECT ON TABLE public.presence TO shanyraq_report;

GRANT SELECT,INSERT,UPDATE ON TABLE public.push_token TO shanyraq_web;

GRANT SELECT,UPDATE ON TABLE public.push_token TO shanyraq_engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.push_token TO shanyraq_jobs;

GRANT SELECT ON TABLE public.retention_rule TO shanyraq_web;

GRANT SELECT ON TABLE public.retention_rule TO shanyraq_jobs;

GRANT SELECT ON TABLE public.retention_rule TO shanyraq_report;

GRANT SELECT ON TABLE public.retention_run TO shanyraq_web;

GRANT SELECT ON TABLE public.retention_run TO shanyraq_report;

GRANT SELECT,INSERT ON TABLE public.retention_run TO shanyraq_jobs;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.role_right_switch TO shanyraq_web;

GRANT SELECT,INSERT ON TABLE public.rollover TO shanyraq_web;

GRANT SELECT ON TABLE public.rollover TO shanyraq_jobs;

GRANT SELECT ON TABLE public.rollover TO shanyraq_report;

GRANT UPDATE(undone_at) ON TABLE public.rollover TO shanyraq_web;

GRANT UPDATE(undone_by) ON TABLE public.rollover TO shanyraq_web;

GRANT SELECT ON TABLE public.safety_v_card TO shanyraq_web;

GRANT SELECT ON TABLE public.safety_v_card TO shanyraq_jobs;

GRANT SELECT ON TABLE public.safety_v_card TO shanyraq_report;

GRANT SELECT ON TABLE public.safety_v_card_held TO shanyraq_web;

GRANT SELECT ON TABLE public.safety_v_card_held TO shanyraq_jobs;

GRANT SELECT ON TABLE public.safety_v_excused TO shanyraq_web;

GRANT SELECT ON TABLE public.safety_v_excused TO shanyraq_jobs;

GRANT SELECT ON TABLE public.safety_v_presence TO shanyraq_web;

GRANT SELECT ON TABLE public.safety_v_presence TO shanyraq_engine;

GRANT SELECT ON TABLE public.safety_v_presence TO shanyraq_jobs;

GRANT SELECT ON TABLE public.safety_v_presence TO shanyraq_report;

GRANT SELECT ON TABLE public.safety_v_record TO shanyraq_web;

GRANT SELECT ON TABLE public.safety_v_record TO shanyraq_jobs;

GRANT SELECT ON TABLE public.safety_v_record TO shanyraq_report;

GRANT SELECT ON TABLE public.safety_v_watched TO shanyraq_web;

GRANT SELECT ON TABLE public.safety_v_watched TO shanyraq_jobs;

GRANT SELECT,INSERT ON TABLE public.school_day TO shanyraq_web;

GRANT SELECT ON TABLE public.school_day TO shanyraq_jobs;

GRANT SELECT ON TABLE public.school_day TO shanyraq_report;

GRANT UPDATE(removed_at) ON TABLE public.school_day TO shanyraq_web;

GRANT UPDATE(removed_by) ON TABLE public.school_day TO shanyraq_web;

GRANT SELECT,INSERT,UPDATE ON TABLE public.school_norm TO shanyraq_web;

GRANT SELECT ON TABLE public.school_norm TO shanyraq_jobs;

GRANT SELECT ON TABLE public.school_norm TO shanyraq_report;

GRANT SELECT,INSERT ON TABLE public.school_order TO shanyraq_web;

GRANT SELECT ON TABLE public.school_order TO shanyraq_jobs;

GRANT SELECT ON TABLE public.school_order TO shanyraq_report;

GRANT UPDATE(cancelled_at) ON TABLE public.school_order TO shanyraq_web;

GRANT UPDATE(cancelled_by) ON TABLE public.school_order TO shanyraq_web;

GRANT SELECT,INSERT,UPDATE ON TABLE public.school_role TO shanyraq_web;

GRANT SELECT,INSERT,DELETE ON TABLE public.school_role_right TO shanyraq_web;

GRANT SELECT ON TABLE public.school_year_span TO shanyraq_web;

GRANT SELECT ON TABLE public.school_year_span TO shanyraq_jobs;

GRANT SELECT ON TABLE public.school_year_span TO shanyraq_report;

GRANT SELECT ON TABLE public.schooling_norm TO shanyraq_web;

GRANT SELECT ON TABLE public.schooling_norm TO shanyraq_jobs;

GRANT SELECT ON TABLE public.schooling_norm TO shanyraq_report;

GRANT SELECT,INSERT,UPDATE ON TABLE public.see_as TO shanyraq_web;

GRANT SELECT,INSERT,UPDATE ON TABLE public.service_beat TO shanyraq_engine;

GRANT SELECT ON TABLE public.service_beat TO shanyraq_web;

GRANT SELECT ON TABLE public.service_beat TO shanyraq_jobs;

GRANT SELECT ON TABLE public.service_beat TO shanyraq_report;

GRANT SELECT,INSERT ON TABLE public.service_outage TO shanyraq_engine;

GRANT SELECT ON TABLE public.service_outage TO shanyraq_web;

GRANT SELECT ON TABLE public.service_outage TO shanyraq_jobs;

GRANT SELECT ON TABLE public.service_outage TO shanyraq_report;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.session TO shanyraq_web;

GRANT SELECT,DELETE ON TABLE public.session TO shanyraq_jobs;

GRANT SELECT ON TABLE public.social_category TO shanyraq_web;

GRANT SELECT ON TABLE public.social_category TO shanyraq_report;

GRANT SELECT,INSERT,UPDATE ON TABLE public.staff_line TO shanyraq_web;

GRANT SELECT,DELETE ON TABLE public.staff_line TO shanyraq_jobs;

GRANT SELECT ON TABLE public.staff_line TO shanyraq_report;

GRANT SELECT,INSERT ON TABLE public.transfer TO shanyraq_web;

GRANT SELECT,DELETE ON TABLE public.transfer TO shanyraq_jobs;

GRANT SELECT ON TABLE public.transfer TO shanyraq_report;

GRANT UPDATE(cancelled_at) ON TABLE public.transfer TO shanyraq_web;

GRANT UPDATE(cancelled_by) ON TABLE public.transfer TO shanyraq_web;

GRANT SELECT,INSERT,UPDATE ON TABLE public.update_request TO shanyraq_web;

GRANT SELECT,DELETE ON TABLE public.update_request TO shanyraq_jobs;

GRANT SELECT,INSERT,UPDATE ON TABLE public.update_request_field TO shanyraq_web;

GRANT SELECT,DELETE ON TABLE public.update_request_field TO shanyraq_jobs;

GRANT SELECT,INSERT ON TABLE public.vault_key TO shanyraq_web;

GRANT SELECT,INSERT,DELETE ON TABLE public.vault_key TO shanyraq_jobs;

GRANT SELECT ON TABLE public.vault_key TO shanyraq_report;

GRANT UPDATE(sealed) ON TABLE public.vault_key TO shanyraq_jobs;
