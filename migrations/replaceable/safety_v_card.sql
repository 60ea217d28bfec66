-- Cards that open now, and whose they are; a blocked one opens nothing.
create or replace view safety_v_card with (security_invoker = true) as
select school_id, person_id, code, valid_from from card c where valid_to is null
  and not exists (select from card_block b where b.school_id = c.school_id and b.card_id = c.id and b.lifted_at is null);
grant select on safety_v_card to shanyraq_web, shanyraq_jobs, shanyraq_report;
