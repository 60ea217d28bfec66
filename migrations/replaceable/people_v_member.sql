-- Everybody who belongs to a school now; pupils with their class, everybody else without.
create or replace view people_v_member with (security_invoker = true) as
select m.school_id, m.person_id, p.surname, p.given_name, e.class_id, k.grade, k.letter, k.grade || k.letter as class_label
from school_person m
join person p on p.id = m.person_id
left join enrolment e on e.school_id = m.school_id and e.pupil_id = m.person_id and e.valid_to is null
left join school_class k on k.school_id = e.school_id and k.id = e.class_id
where m.valid_to is null;
grant select on people_v_member to shanyraq_web, shanyraq_engine, shanyraq_jobs, shanyraq_report;
