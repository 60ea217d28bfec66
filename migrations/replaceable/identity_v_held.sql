-- Who holds or held which role at a school, of whatever kind, and when: for rooms that keep people's cards. What a role opens is not here.
create or replace view identity_v_held with (security_invoker = true) as
select school_id, person_id, role, valid_from, valid_to from role_grant
union all
select school_id, person_id, 'own', valid_from, valid_to from school_role_grant
union all
select school_id, person_id, coalesce(role, 'own'), valid_from, valid_to from class_grant;
grant select on identity_v_held to shanyraq_web, shanyraq_jobs;
