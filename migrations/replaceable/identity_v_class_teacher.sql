-- Who is class teacher of which class, as roles for some classes say it.
create or replace view identity_v_class_teacher with (security_invoker = true) as
select g.school_id, c.class_id, g.person_id, g.valid_from, g.valid_to
from class_grant g cross join lateral unnest(g.class_ids) c (class_id) where g.role = 'class_teacher';
grant select on identity_v_class_teacher to shanyraq_web, shanyraq_jobs;
