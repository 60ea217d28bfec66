-- Pictures that may be shown: one is taken with a consent only, and is not here from the moment that the consent is withdrawn.
create or replace view people_v_photo with (security_invoker = true) as
select f.school_id, f.pupil_id, f.file_id, f.small_id, f.added_at from pupil_photo f
where not exists (select from identity_v_consent_stop s
  where s.school_id = f.school_id and s.person_id = f.pupil_id and s.purpose = 'photos' and s.until is null);
grant select on people_v_photo to shanyraq_web, shanyraq_jobs, shanyraq_report;
