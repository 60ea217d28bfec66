-- What guardians were told, and what became of each attempt to reach a phone.
create or replace view delivery_v_notice with (security_invoker = true) as
select school_id, recipient_id, id, created_at, child_id, kind, occurred_at from notice;
create or replace view delivery_v_delivery with (security_invoker = true) as
select school_id, notice_id, token_id, created_at, outcome, outcome_at from delivery;
grant select on delivery_v_notice, delivery_v_delivery to shanyraq_web, shanyraq_report;
