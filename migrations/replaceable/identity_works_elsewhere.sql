-- Who of a school's own people holds a role at another organisation: their login is not a single school's to hand out. Only of people of an
-- organisation in the caller's scope, and only whether; where and what stays unsaid.
create or replace function identity_works_elsewhere(here uuid, persons uuid[]) returns setof uuid
  language plpgsql security definer set search_path = public, pg_temp as $$
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
revoke all on function identity_works_elsewhere(uuid, uuid[]) from public;
grant execute on function identity_works_elsewhere(uuid, uuid[]) to shanyraq_web;
