-- Merging two persons of a school who are one: every row that holds the one becomes the other's, whatever table it stands in, and each is
-- written down so that an undo finds it. Which columns hold persons is read from the catalogue: a table that is new tomorrow is moved too.
-- Audit rows stay as they were written, and so does what an undo needs. All of it acts in the scope of the caller, for a school within it.
create or replace function people_merge_columns() returns table (relation text, col text, is_array boolean, has_school boolean)
  language sql stable set search_path = public, pg_temp as $$
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
revoke all on function people_merge_columns() from public;

-- How the two cards stand: names, and every value of now and before.
create or replace function people_merge_picture(its_school uuid, kept uuid, gone uuid) returns jsonb
  language sql stable set search_path = public, pg_temp as $$
  select jsonb_build_object(
    'persons', (select coalesce(jsonb_agg(to_jsonb(p) order by p.id), '[]') from person p where p.id in (kept, gone)),
    'values', (select coalesce(jsonb_agg(to_jsonb(v) order by v.id), '[]') from person_value v where v.school_id = its_school and v.person_id in (kept, gone)))
$$;
revoke all on function people_merge_picture(uuid, uuid, uuid) from public;

-- What stands in the way of a merge: of schools elsewhere it says that there are some, and no more.
create or replace function people_merge_facts(its_school uuid, kept uuid, gone uuid) returns table (
    both_here boolean, is_elsewhere boolean, two_iins boolean, two_classes boolean, two_logins boolean, login_of_gone boolean,
    confidential_of_kept boolean, confidential_of_gone boolean, are_kin boolean, is_leaving boolean, pupil_and_adult boolean, two_transfers boolean)
  language plpgsql security definer set search_path = public, pg_temp as $$
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
revoke all on function people_merge_facts(uuid, uuid, uuid) from public;
grant execute on function people_merge_facts(uuid, uuid, uuid) to shanyraq_web;

-- How many rows of which table hold somebody.
create or replace function people_merge_counts(its_school uuid, who uuid) returns table (relation text, count bigint)
  language plpgsql security definer set search_path = public, pg_temp as $$
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
end $$;
revoke all on function people_merge_counts(uuid, uuid) from public;
grant execute on function people_merge_counts(uuid, uuid) to shanyraq_web;

-- Moves every row of the one to the other, for a merge that the caller wrote down; says how many.
create or replace function people_merge_move(its_school uuid, its_id uuid) returns int
  language plpgsql security definer set search_path = public, pg_temp as $$
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
end $$;
revoke all on function people_merge_move(uuid, uuid) from public;
grant execute on function people_merge_move(uuid, uuid) to shanyraq_web;

-- Remembers how the cards stand when all is done.
create or replace function people_merge_seal(its_school uuid, its_id uuid) returns void
  language sql security definer set search_path = public, pg_temp as $$
  update person_merge x set after = people_merge_picture(its_school, x.kept_id, x.gone_id)
  where x.school_id = its_school and x.id = its_id and x.after is null and its_school = any(current_schools())
$$;
revoke all on function people_merge_seal(uuid, uuid) from public;
grant execute on function people_merge_seal(uuid, uuid) to shanyraq_web;

-- Puts every row back as it was. Says no, and changes nothing, where one of them is not as the merge left it.
create or replace function people_merge_undo(its_school uuid, its_id uuid) returns boolean
  language plpgsql security definer set search_path = public, pg_temp as $$
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
end $$;
revoke all on function people_merge_undo(uuid, uuid) from public;
grant execute on function people_merge_undo(uuid, uuid) to shanyraq_web;
