-- By which number a person is reached, as the school knows it.
create or replace view people_v_phone with (security_invoker = true) as
select school_id, person_id, value as phone from person_value where field = 'phone' and ended_at is null and value is not null;
grant select on people_v_phone to shanyraq_web;
