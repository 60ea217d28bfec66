-- Pupils with the class they are in now, and no names: for counting, which then need not look at a row of `person` for each.
create or replace view people_v_pupil_class with (security_invoker = true) as
select e.school_id, e.pupil_id, e.class_id, k.grade, k.letter, k.grade || k.letter as class_label
from enrolment e
join school_class k on k.school_id = e.school_id and k.id = e.class_id
where e.valid_to is null;
-- Members of a school now who are no pupils of it, by their ids. A difference of two sets, which is found by one pass over each.
create or replace view people_v_adult with (security_invoker = true) as
select school_id, person_id from school_person where valid_to is null
except
select school_id, pupil_id from enrolment where valid_to is null;
grant select on people_v_pupil_class, people_v_adult to shanyraq_web, shanyraq_jobs;
