-- Sessions get an id that may be shown: a person's list of devices names them by it, never by the hash of a token.
alter table session add column id uuid not null default gen_random_uuid();
create unique index session_id on session (id);
