-- The individual identification number (IIN) of a person: sealed, and found by a hash with a key that the database does not hold.
-- Global like person. A school sees it as it sees the person, and nobody learns from it whether somebody learns elsewhere: where another
-- school wrote the same number down of its own person, the second row is a claim (not `held`), which looks to its school like any other.
-- What belongs together is put together by a transfer, or by joining two cards of one person; never by typing a number.

create table person_iin (
  person_id uuid primary key references person (id),
  lookup bytea not null check (length(lookup) = 32),
  sealed bytea not null,
  -- Whether the number is this person's: one person holds a number.
  held boolean not null default true,
  set_at timestamptz not null,
  -- Who wrote it; nothing where a job did. Who left and was erased stays here as an id that leads nowhere.
  set_by uuid
);
create unique index person_iin_held on person_iin (lookup) where held;
create index person_iin_lookup on person_iin (lookup);
alter table person_iin enable row level security;
alter table person_iin force row level security;
create policy seen_by_school on person_iin for select using (
  person_id = (select current_person()) or exists (select from school_person sp where sp.person_id = person_iin.person_id));
create policy added_by_school on person_iin for insert with check (exists (select from school_person sp where sp.person_id = person_iin.person_id));
create policy changed_by_school on person_iin for update using (exists (select from school_person sp where sp.person_id = person_iin.person_id));
create policy removed_by_school on person_iin for delete using (exists (select from school_person sp where sp.person_id = person_iin.person_id));
-- Nobody's any more: as `released` on person.
create policy released on person_iin for delete to shanyraq_jobs using (person_id = (select current_person()));
-- The owner's trigger below looks past the schools in scope.
create policy looked_up on person_iin for select to current_user using (true);
grant select, insert, update, delete on person_iin to shanyraq_web, shanyraq_jobs;

-- Whether a number is held already is answered here, to the row and to nobody who asks.
create function person_iin_hold() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  new.held := not exists (select from person_iin i where i.lookup = new.lookup and i.held and i.person_id <> new.person_id);
  return new;
end $$;
revoke all on function person_iin_hold() from public;
create trigger person_iin_hold before insert or update of lookup on person_iin for each row execute function person_iin_hold();
