-- The last word about each child and purpose: `given`, `refused` or `withdrawn`, and since when it holds. No row: nobody has said
-- anything. Of those who had a say when last somebody spoke, each one's last word counts, and the stricter holds: one guardian's no
-- is not outvoted by another's yes.
create or replace view identity_v_consent with (security_invoker = true) as
select l.school_id, l.person_id, l.purpose,
  (array_agg(w.act order by w.act = 'given', w.at desc, w.id desc))[1] as state,
  (array_agg(w.at order by w.act = 'given', w.at desc, w.id desc))[1] as since
from (select distinct on (school_id, person_id, purpose) school_id, person_id, purpose, voters
      from consent order by school_id, person_id, purpose, at desc, id desc) l
join (select distinct on (school_id, person_id, purpose, by_person) school_id, person_id, purpose, by_person, act, at, id
      from consent order by school_id, person_id, purpose, by_person, at desc, id desc) w
  on w.school_id = l.school_id and w.person_id = l.person_id and w.purpose = l.purpose and w.by_person = any(l.voters)
group by l.school_id, l.person_id, l.purpose;
grant select on identity_v_consent to shanyraq_web, shanyraq_jobs, shanyraq_report;

-- What must not be done to whom now (`until` is null) or was not to be done for a time.
create or replace view identity_v_consent_stop with (security_invoker = true) as
select school_id, person_id, purpose, since, until, changed_at from consent_stop;
grant select on identity_v_consent_stop to shanyraq_web, shanyraq_engine, shanyraq_jobs, shanyraq_report;
