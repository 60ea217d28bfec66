-- The audit trail: whose data, from where and why beside who, in which role and what; in monthly parts; chained so that tampering shows.

alter table audit rename to audit_before_parts;
alter index audit_pkey rename to audit_before_parts_pkey;
-- Policies hold for the owner too; without this the move below would find no row.
alter table audit_before_parts no force row level security;

create table audit (
  school_id uuid not null references organisation (id),
  at timestamptz not null,
  id uuid not null,
  person_id uuid,
  role text not null,
  action text not null,
  subject_kind text not null,
  subject_id uuid,
  detail jsonb not null default '{}',
  whose_kind text not null default 'nobody' check (whose_kind in ('nobody', 'persons', 'class', 'school')),
  whose uuid[] not null default '{}' check (cardinality(whose) <= 200),
  address inet,
  device text,
  reason text,
  primary key (school_id, at, id)
) partition by range (at);
create table audit_default partition of audit default;
-- Append-only: nobody but the owner may change or delete.
grant select, insert on audit to shanyraq_web, shanyraq_jobs;
grant insert on audit to shanyraq_engine;
grant select on audit to shanyraq_report;

-- Rows that no chain has yet: filled by whoever writes a row, emptied by the chainer in the transaction that chains it.
create table audit_pending (
  school_id uuid not null,
  at timestamptz not null,
  audit_id uuid not null,
  primary key (school_id, at, audit_id)
);
grant select, insert on audit_pending to shanyraq_web;
grant insert on audit_pending to shanyraq_engine;
grant select, insert, delete on audit_pending to shanyraq_jobs;
grant select on audit_pending to shanyraq_report;

-- With the writer's own rights and under the writer's own policy: no definer's function is needed for it.
create function audit_enqueue() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  insert into audit_pending (school_id, at, audit_id) select school_id, at, id from added;
  return null;
end $$;
create trigger audit_enqueue after insert on audit referencing new table as added for each statement execute function audit_enqueue();

-- Link by link: the hash of a row's content and of the link before. In the same monthly parts as the rows, so that both leave together.
create table audit_chain (
  school_id uuid not null,
  n bigint not null check (n > 0),
  at timestamptz not null,
  audit_id uuid not null,
  hash bytea not null check (length(hash) = 32),
  chained_at timestamptz not null,
  primary key (school_id, n, at),
  unique (school_id, at, audit_id)
) partition by range (at);
create table audit_chain_default partition of audit_chain default;
grant select on audit_chain to shanyraq_web, shanyraq_report;
grant select, insert on audit_chain to shanyraq_jobs;

-- Where each chain ends, so that a chain cut short is noticed.
create table audit_head (
  school_id uuid not null references organisation (id),
  n bigint not null check (n > 0),
  hash bytea not null check (length(hash) = 32),
  chained_at timestamptz not null,
  primary key (school_id)
);
grant select on audit_head to shanyraq_web, shanyraq_report;
grant select, insert, update (n, hash, chained_at) on audit_head to shanyraq_jobs;

create function audit_head_forward() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if new.n < old.n then
    raise exception 'the head of an audit chain only goes forward' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger audit_head_forward before update on audit_head for each row execute function audit_head_forward();

-- How long what is kept: reference data, a new line for a new rule, so that it can be said what held when.
create table retention_rule (
  what text not null check (what ~ '^[a-z_]+$'),
  valid_from date not null,
  keep_months int not null check (keep_months > 0),
  basis text not null,
  primary key (what, valid_from)
);
grant select on retention_rule to shanyraq_web, shanyraq_jobs, shanyraq_report;
insert into retention_rule (what, valid_from, keep_months, basis)
values ('audit', '2016-12-20', 36, 'P1600000832: event logs are kept for three years at least');

-- The parts of the coming months, then the rows there are, and by the trigger their place in the chainer's queue.
select ensure_partitions();
insert into audit (school_id, at, id, person_id, role, action, subject_kind, subject_id, detail, whose_kind, whose)
select school_id, at, id, person_id, role, action, subject_kind, subject_id, detail,
  case when subject_kind = 'person' and subject_id is not null then 'persons' else 'nobody' end,
  case when subject_kind = 'person' and subject_id is not null then array[subject_id] else '{}' end
from audit_before_parts order by at, id;
drop table audit_before_parts;

-- Last: the move above is the only time that anybody writes for all schools at once.
call make_tenant_table('audit');
call make_tenant_table('audit_pending');
call make_tenant_table('audit_chain');
call make_tenant_table('audit_head');
