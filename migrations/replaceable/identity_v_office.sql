-- Who holds, or held, an office at a school: a delivered role, one that the school made, or one for some classes.
create or replace view identity_v_office with (security_invoker = true) as
select school_id, person_id, valid_from, valid_to from role_grant
union all select school_id, person_id, valid_from, valid_to from school_role_grant
union all select school_id, person_id, valid_from, valid_to from class_grant;
grant select on identity_v_office to shanyraq_web;
