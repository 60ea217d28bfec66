-- A card that its holder lost: from the moment of the block on nothing done with it counts as the holder's, until the block is lifted. A block
-- is never changed: it is lifted, and another is made.
create table card_block (
  school_id uuid not null references organisation (id),
  id uuid not null,
  card_id uuid not null,
  -- Whose card it is.
  person_id uuid not null references person (id),
  reason text not null check (reason in ('lost', 'stolen', 'broken', 'other')),
  words text check (words <> ''),
  -- On the page of a guardian or of the holder, or at the school's office.
  way text not null check (way in ('page', 'office')),
  -- Nobody, where whoever did it was erased since.
  blocked_by uuid references person (id),
  blocked_at timestamptz not null,
  lifted_by uuid references person (id),
  lifted_at timestamptz,
  primary key (school_id, id),
  check (lifted_by is null or lifted_at is not null)
);
create unique index card_block_open on card_block (school_id, card_id) where lifted_at is null;
create index card_block_card on card_block (school_id, card_id);
create index card_block_person on card_block (school_id, person_id);
create index card_block_list on card_block (school_id, blocked_at desc, id desc);
create index card_block_lifted on card_block (lifted_at) where lifted_at is not null;
call make_tenant_table('card_block');
grant select on card_block to shanyraq_web, shanyraq_engine, shanyraq_jobs, shanyraq_report;
grant insert, update on card_block to shanyraq_web;
-- Jobs also let go of who blocked and who lifted, when they are erased.
grant update, delete on card_block to shanyraq_jobs;

-- What was done with a card while it was blocked: at which device, when, and under which block. The event itself is kept as it came.
create table blocked_card_use (
  school_id uuid not null,
  device_id uuid not null,
  store text not null,
  seq bigint not null,
  received_at timestamptz not null,
  occurred_at timestamptz not null,
  block_id uuid not null,
  person_id uuid not null,
  kind text not null check (kind in ('in', 'out', 'meal')),
  late boolean not null,
  primary key (school_id, device_id, store, seq, received_at)
);
create index blocked_card_use_block on blocked_card_use (school_id, block_id, occurred_at);
create index blocked_card_use_person on blocked_card_use (school_id, person_id);
create index blocked_card_use_received on blocked_card_use (received_at);
call make_tenant_table('blocked_card_use');
grant select, insert on blocked_card_use to shanyraq_engine;
grant select on blocked_card_use to shanyraq_web, shanyraq_report;
grant select, delete on blocked_card_use to shanyraq_jobs;

insert into retention_rule (what, valid_from, keep_months, source, basis) values
  ('card_block', '2026-09-01', 12, 'ours', '94-V art. 18: how often a card was lost serves the school year, in which new ones are counted'),
  ('blocked_card_use', '2026-09-01', 12, 'ours', '94-V art. 18: where a lost card was used serves whoever looks for it');
