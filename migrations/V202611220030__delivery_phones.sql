-- A phone changes hands, or two people sign in on it one after the other: its token then belongs to the last. The policy of
-- push_token hides others' rows from the web role, so taking a token over is a function of the owner, which does only this.
create policy claim on push_token to current_user using (true) with check (true);

create function delivery_claim_push_token(its_channel text, its_token text, at timestamptz) returns int language plpgsql
  security definer set search_path = public, pg_temp as $$
declare
  claimed int;
begin
  -- Without a signed-in person nothing may be taken from anybody.
  if current_person() is null then
    return 0;
  end if;
  update push_token set removed_at = at, removed_reason = 'moved'
  where channel = its_channel and token = its_token and removed_at is null and person_id <> current_person();
  get diagnostics claimed = row_count;
  return claimed;
end $$;
revoke all on function delivery_claim_push_token(text, text, timestamptz) from public;
grant execute on function delivery_claim_push_token(text, text, timestamptz) to shanyraq_web;
