-- Telegram beside native apps and browsers: a chat is a row of push_token, linked by a code that its owner got on a page.

-- A code of a person, kept by its hash until it is used or over. Global, as the chat that it links is: of a person, not of a school.
create table delivery_link_code (
  code_hash bytea primary key check (length(code_hash) = 32),
  person_id uuid not null references person (id),
  locale text not null check (locale in ('kk', 'ru', 'en')),
  expires_at timestamptz not null
);
create index delivery_link_code_person on delivery_link_code (person_id);
alter table delivery_link_code enable row level security;
alter table delivery_link_code force row level security;
create policy own on delivery_link_code using (person_id = (select current_person())) with check (person_id = (select current_person()));
create policy taker on delivery_link_code to shanyraq_jobs using (true) with check (true);
grant select, insert, delete on delivery_link_code to shanyraq_web;
grant select, delete on delivery_link_code to shanyraq_jobs;

-- Up to which message a bot has been listened to, and which instance listens now. Nobody's data.
create table delivery_bot (
  name text primary key,
  next_update bigint not null default 0,
  -- When it was moved on last: after a week without a message the service numbers anew, at random.
  heard_at timestamptz,
  holder uuid not null,
  lease_until timestamptz not null
);
grant select, insert, update on delivery_bot to shanyraq_jobs;

-- A chat is linked where the bot's messages are read.
grant insert on push_token to shanyraq_jobs;
