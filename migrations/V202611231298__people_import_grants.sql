-- What the job writes and, within a day, takes back.
grant insert, update on person, school_person, kinship to shanyraq_jobs;
grant insert, update on role_grant to shanyraq_jobs;
grant insert on enrolment, movement, person_value to shanyraq_jobs;
grant update (undone_at, undone_by) on movement to shanyraq_jobs;
grant select, update on enrolment to shanyraq_jobs;
grant select, delete on school_class to shanyraq_jobs;
-- Only whom the school sees; whoever is used anywhere is held by a reference.
create policy taken_back on person for delete to shanyraq_jobs using (exists (select from school_person sp where sp.person_id = id));
