-- Organisations of all kinds by code and name; no secret, and in no school's scope.
create or replace view people_v_organisation with (security_invoker = true) as
select id, parent_id, kind, code, name_kk, name_ru, name_en, zone, shard from organisation;
grant select on people_v_organisation to shanyraq_web, shanyraq_engine, shanyraq_jobs, shanyraq_report;
