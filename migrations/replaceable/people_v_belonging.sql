-- When somebody belonged to a school, left or not; and when a pupil was in a class of it.
create or replace view people_v_belonging with (security_invoker = true) as
select m.school_id, m.person_id, m.valid_from, m.valid_to, p.surname, p.given_name, p.patronymic
from school_person m join person p on p.id = m.person_id;
create or replace view people_v_schooling with (security_invoker = true) as
select school_id, pupil_id, valid_from, valid_to from enrolment;
grant select on people_v_belonging, people_v_schooling to shanyraq_web, shanyraq_jobs, shanyraq_report;
