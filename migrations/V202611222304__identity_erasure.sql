-- The erasure of a leaver: the order, its act, and what the job that does it may do.

create table erasure (
  school_id uuid not null references organisation (id),
  id uuid not null,
  -- No reference: the act outlives the person's row. The others are guardians who have no child left here.
  person_id uuid not null,
  persons uuid[] not null check (person_id = any(persons)),
  left_on date not null,
  ordered_by uuid not null,
  ordered_at timestamptz not null,
  job_id uuid not null,
  number int check (number > 0),
  counts jsonb,
  proof jsonb,
  finished_at timestamptz,
  primary key (school_id, id),
  unique (school_id, number),
  check ((number is null) = (finished_at is null))
);
create unique index erasure_person on erasure (school_id, person_id);
call make_tenant_table('erasure');
grant select, insert on erasure to shanyraq_web;
grant select, update (number, counts, proof, finished_at) on erasure to shanyraq_jobs;
grant select on erasure to shanyraq_report;

-- Numbers of documents without gaps: the row is locked until the document is durable.
create table document_number (
  school_id uuid not null references organisation (id),
  kind text not null,
  last int not null check (last > 0),
  primary key (school_id, kind)
);
call make_tenant_table('document_number');
grant select, insert, update on document_number to shanyraq_jobs;

-- Where one of these texts still stands: in any column of any row in scope, as text, as JSON, or as the bytes of a text. Says only how many
-- rows of which table. The job's own row holds what is searched while it searches; persons are looked up by id.
create function erasure_search(its_relation text, needles text[]) returns bigint language plpgsql stable security definer
  set search_path = public, pg_temp as $$
declare
  hits bigint; sought text[];
begin
  if not exists (select from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname = its_relation) then
    return 0;
  end if;
  -- Whole words as texts: parent-1 is not parent-10. Anywhere as bytes.
  sought := array(select '(?<![[:alnum:]])' || regexp_replace(n, '([.^$*+?()\[\]{}|\\])', '\\\1', 'g') || '(?![[:alnum:]])' from unnest(needles) n)
    || array(select encode(convert_to(n, 'UTF8'), 'hex') from unnest(needles) n);
  execute format('select count(*) from %I t where exists (select from unnest($1) n where t::text ~* n)', its_relation) into hits using sought;
  return hits;
end $$;
revoke all on function erasure_search(text, text[]) from public;
grant execute on function erasure_search(text, text[]) to shanyraq_jobs;

-- What the job removes or makes nobody's.
grant delete on school_person, enrolment, kinship, presence, card, notice, delivery, notice_switch, role_grant, school_role_grant, class_grant, consent, consent_stop
  to shanyraq_jobs;
-- A delegation decides who else sees a grant: the policies of grants read it.
grant select on role_grant, school_role_grant, class_grant, delegation to shanyraq_jobs;
grant update (valid_to) on card to shanyraq_jobs;
grant update (person_id) on pass, meal to shanyraq_jobs;
grant update (body) on event to shanyraq_jobs;
grant select, delete on account, account_totp, account_recovery_code, account_passkey, account_passkey_question, account_identifier, account_email_question, account_recovery,
  account_key, account_key_code to shanyraq_jobs;
grant select, delete on custody_limit to shanyraq_jobs;
grant delete, update (surname, given_name, patronymic, birth_date) on person to shanyraq_jobs;
-- Nobody's any more: seen by the job that releases exactly this person, when no school sees them.
create policy released on person to shanyraq_jobs using (id = (select current_person())) with check (id = (select current_person()));
-- Registers that stay hold ids only, which name nobody once the person's row is gone.
alter table breach_person drop constraint if exists breach_person_person_id_fkey;
alter table see_as drop constraint if exists see_as_seen_id_fkey;
update retention_rule set source = 'ours' where what = 'photo_after_consent';
