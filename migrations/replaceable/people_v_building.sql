-- The buildings of a school as they are now; those it has left keep their last day.
create or replace view people_v_building with (security_invoker = true) as
select b.school_id, b.id as building_id, b.name_kk, b.name_ru, b.sort, b.valid_from, b.valid_to from building b
where not exists (select from building n where n.school_id = b.school_id and n.id = b.id and n.version > b.version);
grant select on people_v_building to shanyraq_web, shanyraq_jobs, shanyraq_report;
