-- Pupils with the class they are in now.
create or replace view people_v_pupil with (security_invoker = true) as
select e.school_id, e.pupil_id, p.surname, p.given_name, p.patronymic, e.class_id, k.grade, k.letter, k.grade || k.letter as class_label
from enrolment e
join person p on p.id = e.pupil_id
join school_class k on k.school_id = e.school_id and k.id = e.class_id
where e.valid_to is null;
grant select on people_v_pupil to shanyraq_web, shanyraq_engine, shanyraq_jobs, shanyraq_report;
