-- Accepts a pupil by the code of a slip, for a school that the caller has in sight: the sending school's time ends there with its order and
-- its line in the book, and belonging, kinship and the limits of guardians begin here. Consents, photos, confidential records and cards
-- stay: each school asks for its own. Gives the pupil and the sending school, or no row where no such slip is open.
create or replace function people_transfer_accept(receiver uuid, its_hash bytea, on_date date, by_person uuid, at timestamptz)
  returns table (pupil uuid, sender uuid) language plpgsql security definer set search_path = public, pg_temp as $$
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
revoke all on function people_transfer_accept(uuid, bytea, date, uuid, timestamptz) from public;
grant execute on function people_transfer_accept(uuid, bytea, date, uuid, timestamptz) to shanyraq_web;

-- Where a pupil of this school learned before, as far as transfers within the hub brought them here: school, class, from, to. Nothing else of it.
create or replace function people_schooling_before(receiver uuid, pupil uuid)
  returns table (school uuid, class_label text, began date, ended date) language plpgsql security definer set search_path = public, pg_temp as $$
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
revoke all on function people_schooling_before(uuid, uuid) from public;
grant execute on function people_schooling_before(uuid, uuid) to shanyraq_web;
