-- Who may do what changed, or a session ended: every instance is told at once whom it concerns, by ids and nothing else. Whoever misses
-- it learns of it when what they remember grows old.

-- Arguments: what kind of ids, and the column they stand in. More than a hundred are everybody.
create function standing_changed() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare ids text[];
begin
  execute format('select array(select distinct %I::text from changed where %I is not null limit 101)', tg_argv[1], tg_argv[1]) into ids;
  if cardinality(ids) > 100 then
    perform pg_notify('shanyraq_standing', 'everybody');
  elsif cardinality(ids) > 0 then
    perform pg_notify('shanyraq_standing', tg_argv[0] || ':' || array_to_string(ids, ','));
  end if;
  return null;
end $$;

-- The same for one row, where only some changes count.
create function standing_row_changed() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  perform pg_notify('shanyraq_standing', tg_argv[0] || ':' || (to_jsonb(coalesce(new, old)) ->> tg_argv[1]));
  return null;
end $$;

create procedure tell_standing(t regclass, kind text, col text) language plpgsql as $$
begin
  execute format('create trigger standing_added after insert on %s referencing new table as changed for each statement execute function standing_changed(%L, %L)', t, kind, col);
  execute format('create trigger standing_changed after update on %s referencing new table as changed for each statement execute function standing_changed(%L, %L)', t, kind, col);
  execute format('create trigger standing_gone after delete on %s referencing old table as changed for each statement execute function standing_changed(%L, %L)', t, kind, col);
end $$;
revoke all on procedure tell_standing(regclass, text, text) from public;

call tell_standing('role_grant', 'person', 'person_id');
call tell_standing('school_role_grant', 'person', 'person_id');
call tell_standing('class_grant', 'person', 'person_id');
call tell_standing('delegation', 'person', 'receiver_id');
call tell_standing('see_as', 'person', 'seer_id');
call tell_standing('kinship', 'person', 'guardian_id');
call tell_standing('school_role', 'school', 'school_id');
call tell_standing('school_role_right', 'school', 'school_id');
call tell_standing('role_right_switch', 'school', 'school_id');
call tell_standing('organisation', 'organisation', 'id');

create trigger standing_changed after update on account for each row when (old.blocked_at is distinct from new.blocked_at)
  execute function standing_row_changed('account', 'id');
-- A session that was over by itself concerns nobody.
create trigger standing_gone after delete on session for each row when (old.expires_at > now())
  execute function standing_row_changed('account', 'account_id');
