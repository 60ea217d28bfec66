-- The schema after every migration and every replaceable file, as pg_dump tells it; tests/it/schema.rs compares. Not run by anything.

CREATE SCHEMA public;

COMMENT ON SCHEMA public IS 'standard public schema';

CREATE FUNCTION public.audit_enqueue() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  insert into audit_pending (school_id, at, audit_id) select school_id, at, id from added;
  return null;
end $$;

CREATE FUNCTION public.audit_head_forward() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  if new.n < old.n then
    raise exception 'the head of an audit chain only goes forward' using errcode = 'check_violation';
  end if;
  return new;
end $$;

CREATE FUNCTION public.current_person() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (NULLIF(current_setting('shanyraq.person'::text, true), ''::text))::uuid;

CREATE FUNCTION public.current_schools() RETURNS uuid[]
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN COALESCE((string_to_array(NULLIF(current_setting('shanyraq.schools'::text, true), ''::text), ','::text))::uuid[], '{}'::uuid[]);

CREATE FUNCTION public.delivery_claim_push_token(its_channel text, its_token text, at timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE FUNCTION public.ensure_partitions(months_ahead integer DEFAULT 3) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
  parent regclass; month date; part text; made int := 0;
begin
  perform pg_advisory_xact_lock(hashtext('shanyraq.partitions'));
  for parent in select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where c.relkind = 'p' and n.nspname = 'public' order by c.relname loop
    for month in select generate_series(date_trunc('month', now()), date_trunc('month', now()) + make_interval(months => months_ahead), '1 month')::date loop
      part := parent::text || '_' || to_char(month, 'YYYYMM');
      if to_regclass(part) is null then
        begin
          execute format('create table %I partition of %s for values from (%L) to (%L)', part, parent,
            month::timestamp at time zone 'UTC', (month + interval '1 month')::timestamp at time zone 'UTC');
          made := made + 1;
        exception when check_violation then
          -- The default part holds rows of that month already: they are found all the same, and must be moved by hand.
          raise warning 'rows of % stand in the default part of %', to_char(month, 'YYYY-MM'), parent;
        end;
      end if;
    end loop;
  end loop;
  return made;
end $$;

CREATE FUNCTION public.fold(name text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN translate(lower((name COLLATE "und-x-icu")), 'әғқңөұүһіёйaeopcxykmthbi'::text, 'агкноуухиеиаеорсхукмтхви'::text);

CREATE PROCEDURE public.make_tenant_table(IN t regclass)
    LANGUAGE plpgsql
    AS $$
begin
  execute format('alter table %s enable row level security', t);
  execute format('alter table %s force row level security', t);
  execute format('create policy tenant on %s to current_user, shanyraq_web, shanyraq_report
                  using (school_id = any((select current_schools())::uuid[]))
                  with check (school_id = any((select current_schools())::uuid[]))', t);
  execute format('create policy tenant_in_batch on %s to shanyraq_engine, shanyraq_jobs
                  using (school_id in (select unnest(current_schools())))
                  with check (school_id in (select unnest(current_schools())))', t);
end $$;

CREATE TABLE public.account (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    login text NOT NULL,
    password_hash text NOT NULL,
    locale text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    blocked_at timestamp with time zone,
    signed_in_at timestamp with time zone,
    CONSTRAINT account_locale_check CHECK ((locale = ANY (ARRAY['kk'::text, 'ru'::text, 'en'::text]))),
    CONSTRAINT account_login_check CHECK (((login = lower(login)) AND (login <> ''::text)))
);

CREATE TABLE public.account_half_open (
    token_hash bytea NOT NULL,
    account_id uuid NOT NULL,
    next text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    failures smallint DEFAULT 0 NOT NULL,
    CONSTRAINT account_half_open_token_hash_check CHECK ((length(token_hash) = 32))
);

CREATE TABLE public.account_recovery_code (
    account_id uuid NOT NULL,
    code_hash bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT account_recovery_code_code_hash_check CHECK ((length(code_hash) = 32))
);

CREATE TABLE public.account_totp (
    account_id uuid NOT NULL,
    sealed bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    confirmed_at timestamp with time zone,
    last_step bigint DEFAULT 0 NOT NULL
);

CREATE TABLE public.audit (
    school_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    id uuid NOT NULL,
    person_id uuid,
    role text NOT NULL,
    action text NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    whose_kind text DEFAULT 'nobody'::text NOT NULL,
    whose uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    address inet,
    device text,
    reason text,
    CONSTRAINT audit_whose_check CHECK ((cardinality(whose) <= 200)),
    CONSTRAINT audit_whose_kind_check CHECK ((whose_kind = ANY (ARRAY['nobody'::text, 'persons'::text, 'class'::text, 'school'::text])))
)
PARTITION BY RANGE (at);

ALTER TABLE ONLY public.audit FORCE ROW LEVEL SECURITY;

CREATE TABLE public.audit_chain (
    school_id uuid NOT NULL,
    n bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    audit_id uuid NOT NULL,
    hash bytea NOT NULL,
    chained_at timestamp with time zone NOT NULL,
    CONSTRAINT audit_chain_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT audit_chain_n_check CHECK ((n > 0))
)
PARTITION BY RANGE (at);

ALTER TABLE ONLY public.audit_chain FORCE ROW LEVEL SECURITY;

CREATE TABLE public.audit_chain_default (
    school_id uuid NOT NULL,
    n bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    audit_id uuid NOT NULL,
    hash bytea NOT NULL,
    chained_at timestamp with time zone NOT NULL,
    CONSTRAINT audit_chain_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT audit_chain_n_check CHECK ((n > 0))
);

CREATE TABLE public.audit_default (
    school_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    id uuid NOT NULL,
    person_id uuid,
    role text NOT NULL,
    action text NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    whose_kind text DEFAULT 'nobody'::text NOT NULL,
    whose uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    address inet,
    device text,
    reason text,
    CONSTRAINT audit_whose_check CHECK ((cardinality(whose) <= 200)),
    CONSTRAINT audit_whose_kind_check CHECK ((whose_kind = ANY (ARRAY['nobody'::text, 'persons'::text, 'class'::text, 'school'::text])))
);

CREATE TABLE public.audit_head (
    school_id uuid NOT NULL,
    n bigint NOT NULL,
    hash bytea NOT NULL,
    chained_at timestamp with time zone NOT NULL,
    CONSTRAINT audit_head_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT audit_head_n_check CHECK ((n > 0))
);

ALTER TABLE ONLY public.audit_head FORCE ROW LEVEL SECURITY;

CREATE TABLE public.audit_pending (
    school_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    audit_id uuid NOT NULL
);

ALTER TABLE ONLY public.audit_pending FORCE ROW LEVEL SECURITY;

CREATE TABLE public.card (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    code text NOT NULL,
    person_id uuid NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_to timestamp with time zone,
    CONSTRAINT card_check CHECK ((valid_to >= valid_from)),
    CONSTRAINT card_code_check CHECK ((code ~ '^[0-9A-Z]{4,32}$'::text))
);

ALTER TABLE ONLY public.card FORCE ROW LEVEL SECURITY;

CREATE TABLE public.dead_letter (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    received_at timestamp with time zone NOT NULL,
    reason text NOT NULL,
    topic text NOT NULL,
    device_id uuid,
    store text,
    seq bigint,
    detail text DEFAULT ''::text NOT NULL,
    payload bytea NOT NULL
);

ALTER TABLE ONLY public.dead_letter FORCE ROW LEVEL SECURITY;

CREATE TABLE public.delivery (
    school_id uuid NOT NULL,
    notice_id uuid NOT NULL,
    token_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    recipient_id uuid NOT NULL,
    channel text NOT NULL,
    lease_until timestamp with time zone NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    outcome text,
    outcome_at timestamp with time zone,
    detail text,
    CONSTRAINT delivery_channel_check CHECK ((channel = 'fcm'::text)),
    CONSTRAINT delivery_check CHECK (((outcome IS NULL) = (outcome_at IS NULL))),
    CONSTRAINT delivery_outcome_check CHECK ((outcome = ANY (ARRAY['sent'::text, 'switched_off'::text, 'no_phone'::text, 'late'::text, 'expired'::text, 'unregistered'::text, 'refused'::text])))
)
PARTITION BY RANGE (created_at);

ALTER TABLE ONLY public.delivery FORCE ROW LEVEL SECURITY;

CREATE TABLE public.delivery_default (
    school_id uuid NOT NULL,
    notice_id uuid NOT NULL,
    token_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    recipient_id uuid NOT NULL,
    channel text NOT NULL,
    lease_until timestamp with time zone NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    outcome text,
    outcome_at timestamp with time zone,
    detail text,
    CONSTRAINT delivery_channel_check CHECK ((channel = 'fcm'::text)),
    CONSTRAINT delivery_check CHECK (((outcome IS NULL) = (outcome_at IS NULL))),
    CONSTRAINT delivery_outcome_check CHECK ((outcome = ANY (ARRAY['sent'::text, 'switched_off'::text, 'no_phone'::text, 'late'::text, 'expired'::text, 'unregistered'::text, 'refused'::text])))
);

CREATE VIEW public.delivery_v_delivery WITH (security_invoker='true') AS
 SELECT delivery.school_id,
    delivery.notice_id,
    delivery.token_id,
    delivery.created_at,
    delivery.outcome,
    delivery.outcome_at
   FROM public.delivery;

CREATE TABLE public.notice (
    school_id uuid NOT NULL,
    recipient_id uuid NOT NULL,
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    child_id uuid NOT NULL,
    kind text NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    late boolean NOT NULL,
    args jsonb NOT NULL,
    read_at timestamp with time zone
)
PARTITION BY RANGE (created_at);

ALTER TABLE ONLY public.notice FORCE ROW LEVEL SECURITY;

CREATE VIEW public.delivery_v_notice WITH (security_invoker='true') AS
 SELECT notice.school_id,
    notice.recipient_id,
    notice.id,
    notice.created_at,
    notice.child_id,
    notice.kind,
    notice.occurred_at
   FROM public.notice;

CREATE TABLE public.device (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    code text NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    place text DEFAULT ''::text NOT NULL,
    broker_password_hash text NOT NULL,
    registered_at timestamp with time zone NOT NULL,
    retired_at timestamp with time zone,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT device_code_check CHECK ((code ~ '^[a-z0-9]{1,20}$'::text)),
    CONSTRAINT device_kind_check CHECK ((kind = ANY (ARRAY['turnstile'::text, 'till'::text, 'kiosk'::text, 'reader'::text, 'server'::text, 'link'::text]))),
    CONSTRAINT device_name_check CHECK ((name <> ''::text))
);

ALTER TABLE ONLY public.device FORCE ROW LEVEL SECURITY;

CREATE TABLE public.device_cursor (
    school_id uuid NOT NULL,
    device_id uuid NOT NULL,
    store text NOT NULL,
    upto bigint DEFAULT 0 NOT NULL,
    ahead bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT device_cursor_ahead_check CHECK (((array_length(ahead, 1) IS NULL) OR ((array_length(ahead, 1) % 2) = 0))),
    CONSTRAINT device_cursor_upto_check CHECK ((upto >= 0))
)
WITH (fillfactor='50');

ALTER TABLE ONLY public.device_cursor FORCE ROW LEVEL SECURITY;

CREATE TABLE public.device_health (
    school_id uuid NOT NULL,
    device_id uuid NOT NULL,
    status text NOT NULL,
    status_since timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    last_event_at timestamp with time zone,
    latency_ms bigint,
    clock_offset_ms bigint,
    queue bigint,
    reader_errors bigint,
    temperature_c double precision,
    disk_free_percent double precision,
    link_percent double precision,
    rx_bytes bigint,
    tx_bytes bigint,
    firmware text,
    store text,
    CONSTRAINT device_health_status_check CHECK ((status = ANY (ARRAY['online'::text, 'offline'::text])))
)
WITH (fillfactor='50');

ALTER TABLE ONLY public.device_health FORCE ROW LEVEL SECURITY;

CREATE VIEW public.engine_v_cursor WITH (security_invoker='true') AS
 SELECT device_cursor.school_id,
    device_cursor.device_id,
    device_cursor.store,
    device_cursor.upto,
    device_cursor.ahead,
    device_cursor.created_at,
    device_cursor.updated_at
   FROM public.device_cursor;

CREATE TABLE public.event (
    school_id uuid NOT NULL,
    device_id uuid NOT NULL,
    store text NOT NULL,
    seq bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    committed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    at timestamp with time zone NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    boot bigint NOT NULL,
    kind text NOT NULL,
    fingerprint bigint NOT NULL,
    late boolean NOT NULL,
    body jsonb NOT NULL,
    CONSTRAINT event_seq_check CHECK ((seq > 0))
)
PARTITION BY RANGE (received_at);

ALTER TABLE ONLY public.event FORCE ROW LEVEL SECURITY;

CREATE VIEW public.engine_v_event WITH (security_invoker='true') AS
 SELECT event.school_id,
    event.device_id,
    event.store,
    event.seq,
    event.received_at,
    event.committed_at,
    event.at,
    event.occurred_at,
    event.kind,
    event.late,
    event.body
   FROM public.event;

CREATE TABLE public.incident (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    key text NOT NULL,
    device_id uuid,
    opened_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL,
    count bigint DEFAULT 1 NOT NULL,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    closed_at timestamp with time zone
);

ALTER TABLE ONLY public.incident FORCE ROW LEVEL SECURITY;

CREATE VIEW public.engine_v_incident WITH (security_invoker='true') AS
 SELECT incident.school_id,
    incident.id,
    incident.kind,
    incident.device_id,
    incident.opened_at,
    incident.last_at,
    incident.count,
    incident.closed_at
   FROM public.incident;

CREATE VIEW public.engine_v_letter WITH (security_invoker='true') AS
 SELECT dead_letter.school_id,
    dead_letter.id,
    dead_letter.received_at,
    dead_letter.reason,
    dead_letter.topic,
    dead_letter.device_id,
    dead_letter.store,
    dead_letter.seq,
    dead_letter.detail,
    dead_letter.payload
   FROM public.dead_letter;

CREATE TABLE public.enrolment (
    school_id uuid NOT NULL,
    pupil_id uuid NOT NULL,
    class_id uuid NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    CONSTRAINT enrolment_check CHECK ((valid_to >= valid_from))
);

ALTER TABLE ONLY public.enrolment FORCE ROW LEVEL SECURITY;

CREATE TABLE public.event_default (
    school_id uuid NOT NULL,
    device_id uuid NOT NULL,
    store text NOT NULL,
    seq bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    committed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    at timestamp with time zone NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    boot bigint NOT NULL,
    kind text NOT NULL,
    fingerprint bigint NOT NULL,
    late boolean NOT NULL,
    body jsonb NOT NULL,
    CONSTRAINT event_seq_check CHECK ((seq > 0))
);

CREATE VIEW public.fleet_v_device WITH (security_invoker='true') AS
 SELECT device.school_id,
    device.id AS device_id,
    device.code,
    device.kind,
    device.name,
    device.place
   FROM public.device;

CREATE TABLE public.invitation (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    guardian_id uuid NOT NULL,
    code_hash bytea NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    CONSTRAINT invitation_code_hash_check CHECK ((length(code_hash) = 32))
);

ALTER TABLE ONLY public.invitation FORCE ROW LEVEL SECURITY;

CREATE TABLE public.kinship (
    school_id uuid NOT NULL,
    pupil_id uuid NOT NULL,
    guardian_id uuid NOT NULL,
    kind text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    CONSTRAINT kinship_check CHECK ((valid_to >= valid_from)),
    CONSTRAINT kinship_kind_check CHECK ((kind = ANY (ARRAY['mother'::text, 'father'::text, 'grandparent'::text, 'legal_representative'::text, 'other'::text])))
);

ALTER TABLE ONLY public.kinship FORCE ROW LEVEL SECURITY;

CREATE TABLE public.meal (
    school_id uuid NOT NULL,
    person_id uuid NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    device_id uuid NOT NULL,
    store text NOT NULL,
    seq bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    item text NOT NULL,
    price_tiyn bigint NOT NULL,
    late boolean NOT NULL,
    CONSTRAINT meal_price_tiyn_check CHECK ((price_tiyn >= 0))
)
PARTITION BY RANGE (received_at);

ALTER TABLE ONLY public.meal FORCE ROW LEVEL SECURITY;

CREATE TABLE public.meal_default (
    school_id uuid NOT NULL,
    person_id uuid NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    device_id uuid NOT NULL,
    store text NOT NULL,
    seq bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    item text NOT NULL,
    price_tiyn bigint NOT NULL,
    late boolean NOT NULL,
    CONSTRAINT meal_price_tiyn_check CHECK ((price_tiyn >= 0))
);

CREATE TABLE public.notice_default (
    school_id uuid NOT NULL,
    recipient_id uuid NOT NULL,
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    child_id uuid NOT NULL,
    kind text NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    late boolean NOT NULL,
    args jsonb NOT NULL,
    read_at timestamp with time zone
);

CREATE TABLE public.notice_switch (
    school_id uuid NOT NULL,
    guardian_id uuid NOT NULL,
    child_id uuid NOT NULL,
    kind text NOT NULL,
    push text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT notice_switch_push_check CHECK ((push = ANY (ARRAY['on'::text, 'off'::text])))
);

ALTER TABLE ONLY public.notice_switch FORCE ROW LEVEL SECURITY;

CREATE TABLE public.organisation (
    id uuid NOT NULL,
    parent_id uuid,
    kind text NOT NULL,
    code text NOT NULL,
    name_kk text NOT NULL,
    name_ru text NOT NULL,
    name_en text NOT NULL,
    zone text DEFAULT 'Asia/Almaty'::text NOT NULL,
    shard smallint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT organisation_code_check CHECK ((code ~ '^[a-z0-9]{1,20}$'::text)),
    CONSTRAINT organisation_kind_check CHECK ((kind = ANY (ARRAY['school'::text, 'district'::text, 'region'::text, 'ministry'::text, 'supplier'::text]))),
    CONSTRAINT organisation_shard_check CHECK (((shard >= 0) AND (shard <= 63)))
);

CREATE TABLE public.pass (
    school_id uuid NOT NULL,
    person_id uuid NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    device_id uuid NOT NULL,
    store text NOT NULL,
    seq bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    direction text NOT NULL,
    method text NOT NULL,
    late boolean NOT NULL,
    CONSTRAINT pass_direction_check CHECK ((direction = ANY (ARRAY['in'::text, 'out'::text]))),
    CONSTRAINT pass_method_check CHECK ((method = ANY (ARRAY['card'::text, 'manual'::text])))
)
PARTITION BY RANGE (received_at);

ALTER TABLE ONLY public.pass FORCE ROW LEVEL SECURITY;

CREATE TABLE public.pass_default (
    school_id uuid NOT NULL,
    person_id uuid NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    device_id uuid NOT NULL,
    store text NOT NULL,
    seq bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    direction text NOT NULL,
    method text NOT NULL,
    late boolean NOT NULL,
    CONSTRAINT pass_direction_check CHECK ((direction = ANY (ARRAY['in'::text, 'out'::text]))),
    CONSTRAINT pass_method_check CHECK ((method = ANY (ARRAY['card'::text, 'manual'::text])))
);

CREATE VIEW public.people_v_kinship WITH (security_invoker='true') AS
 SELECT kinship.school_id,
    kinship.pupil_id,
    kinship.guardian_id,
    kinship.valid_from,
    kinship.valid_to
   FROM public.kinship;

CREATE TABLE public.person (
    id uuid NOT NULL,
    surname text NOT NULL,
    given_name text NOT NULL,
    patronymic text,
    birth_date date,
    locale text DEFAULT 'kk'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT person_given_name_check CHECK ((given_name <> ''::text)),
    CONSTRAINT person_locale_check CHECK ((locale = ANY (ARRAY['kk'::text, 'ru'::text, 'en'::text]))),
    CONSTRAINT person_patronymic_check CHECK ((patronymic <> ''::text)),
    CONSTRAINT person_surname_check CHECK ((surname <> ''::text))
);

ALTER TABLE ONLY public.person FORCE ROW LEVEL SECURITY;

CREATE TABLE public.school_class (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    grade smallint NOT NULL,
    letter text NOT NULL,
    language text NOT NULL,
    shift smallint DEFAULT 1 NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    CONSTRAINT school_class_check CHECK ((valid_to >= valid_from)),
    CONSTRAINT school_class_grade_check CHECK (((grade >= 0) AND (grade <= 12))),
    CONSTRAINT school_class_language_check CHECK ((language = ANY (ARRAY['kk'::text, 'ru'::text, 'ug'::text, 'uz'::text, 'tg'::text]))),
    CONSTRAINT school_class_letter_check CHECK ((letter <> ''::text)),
    CONSTRAINT school_class_shift_check CHECK (((shift >= 1) AND (shift <= 3)))
);

ALTER TABLE ONLY public.school_class FORCE ROW LEVEL SECURITY;

CREATE TABLE public.school_person (
    school_id uuid NOT NULL,
    person_id uuid NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    CONSTRAINT school_person_check CHECK ((valid_to >= valid_from))
);

ALTER TABLE ONLY public.school_person FORCE ROW LEVEL SECURITY;

CREATE VIEW public.people_v_member WITH (security_invoker='true') AS
 SELECT m.school_id,
    m.person_id,
    p.surname,
    p.given_name,
    e.class_id,
    k.grade,
    k.letter,
    (k.grade || k.letter) AS class_label
   FROM (((public.school_person m
     JOIN public.person p ON ((p.id = m.person_id)))
     LEFT JOIN public.enrolment e ON (((e.school_id = m.school_id) AND (e.pupil_id = m.person_id) AND (e.valid_to IS NULL))))
     LEFT JOIN public.school_class k ON (((k.school_id = e.school_id) AND (k.id = e.class_id))))
  WHERE (m.valid_to IS NULL);

CREATE VIEW public.people_v_name WITH (security_invoker='true') AS
 SELECT person.id AS person_id,
    person.surname,
    person.given_name,
    person.birth_date
   FROM public.person;

CREATE VIEW public.people_v_organisation WITH (security_invoker='true') AS
 SELECT organisation.id,
    organisation.parent_id,
    organisation.kind,
    organisation.code,
    organisation.name_kk,
    organisation.name_ru,
    organisation.name_en,
    organisation.zone,
    organisation.shard
   FROM public.organisation;

CREATE VIEW public.people_v_pupil WITH (security_invoker='true') AS
 SELECT e.school_id,
    e.pupil_id,
    p.surname,
    p.given_name,
    p.patronymic,
    e.class_id,
    k.grade,
    k.letter,
    (k.grade || k.letter) AS class_label
   FROM ((public.enrolment e
     JOIN public.person p ON ((p.id = e.pupil_id)))
     JOIN public.school_class k ON (((k.school_id = e.school_id) AND (k.id = e.class_id))))
  WHERE (e.valid_to IS NULL);

CREATE TABLE public.presence (
    school_id uuid NOT NULL,
    person_id uuid NOT NULL,
    direction text NOT NULL,
    since timestamp with time zone NOT NULL,
    device_id uuid NOT NULL,
    store text NOT NULL,
    seq bigint NOT NULL,
    CONSTRAINT presence_direction_check CHECK ((direction = ANY (ARRAY['in'::text, 'out'::text])))
)
WITH (fillfactor='70');

ALTER TABLE ONLY public.presence FORCE ROW LEVEL SECURITY;

CREATE TABLE public.push_token (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    channel text NOT NULL,
    token text NOT NULL,
    locale text NOT NULL,
    registered_at timestamp with time zone NOT NULL,
    removed_at timestamp with time zone,
    removed_reason text,
    CONSTRAINT push_token_channel_check CHECK ((channel = 'fcm'::text)),
    CONSTRAINT push_token_check CHECK (((removed_at IS NULL) = (removed_reason IS NULL))),
    CONSTRAINT push_token_locale_check CHECK ((locale = ANY (ARRAY['kk'::text, 'ru'::text, 'en'::text])))
);

ALTER TABLE ONLY public.push_token FORCE ROW LEVEL SECURITY;

CREATE TABLE public.retention_rule (
    what text NOT NULL,
    valid_from date NOT NULL,
    keep_months integer NOT NULL,
    basis text NOT NULL,
    CONSTRAINT retention_rule_keep_months_check CHECK ((keep_months > 0)),
    CONSTRAINT retention_rule_what_check CHECK ((what ~ '^[a-z_]+$'::text))
);

CREATE TABLE public.role_grant (
    school_id uuid NOT NULL,
    person_id uuid NOT NULL,
    role text NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_to timestamp with time zone,
    CONSTRAINT role_grant_check CHECK ((valid_to >= valid_from)),
    CONSTRAINT role_grant_role_check CHECK ((role <> ''::text))
);

ALTER TABLE ONLY public.role_grant FORCE ROW LEVEL SECURITY;

CREATE VIEW public.safety_v_card WITH (security_invoker='true') AS
 SELECT card.school_id,
    card.person_id,
    card.code,
    card.valid_from
   FROM public.card
  WHERE (card.valid_to IS NULL);

CREATE VIEW public.safety_v_presence WITH (security_invoker='true') AS
 SELECT presence.school_id,
    presence.person_id,
    presence.direction,
    presence.since,
    presence.device_id
   FROM public.presence;

CREATE VIEW public.safety_v_record WITH (security_invoker='true') AS
 SELECT pass.school_id,
    pass.person_id,
    pass.occurred_at,
    pass.received_at,
    pass.device_id,
    pass.store,
    pass.seq,
    pass.direction AS kind,
    pass.late,
    NULL::text AS item,
    NULL::bigint AS price_tiyn,
    pass.method
   FROM public.pass
UNION ALL
 SELECT meal.school_id,
    meal.person_id,
    meal.occurred_at,
    meal.received_at,
    meal.device_id,
    meal.store,
    meal.seq,
    'meal'::text AS kind,
    meal.late,
    meal.item,
    meal.price_tiyn,
    NULL::text AS method
   FROM public.meal;

CREATE TABLE public.school_role (
    school_id uuid NOT NULL,
    id uuid NOT NULL,
    name_kk text NOT NULL,
    name_ru text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    CONSTRAINT school_role_name_kk_check CHECK ((name_kk <> ''::text)),
    CONSTRAINT school_role_name_ru_check CHECK ((name_ru <> ''::text))
);

ALTER TABLE ONLY public.school_role FORCE ROW LEVEL SECURITY;

CREATE TABLE public.school_role_grant (
    school_id uuid NOT NULL,
    role_id uuid NOT NULL,
    person_id uuid NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_to timestamp with time zone,
    CONSTRAINT school_role_grant_check CHECK ((valid_to >= valid_from))
);

ALTER TABLE ONLY public.school_role_grant FORCE ROW LEVEL SECURITY;

CREATE TABLE public.school_role_right (
    school_id uuid NOT NULL,
    role_id uuid NOT NULL,
    right_name text NOT NULL,
    added_at timestamp with time zone NOT NULL,
    CONSTRAINT school_role_right_right_name_check CHECK ((right_name <> ''::text))
);

ALTER TABLE ONLY public.school_role_right FORCE ROW LEVEL SECURITY;

CREATE TABLE public.session (
    token_hash bytea NOT NULL,
    account_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    user_agent text,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    CONSTRAINT session_token_hash_check CHECK ((length(token_hash) = 32))
);

ALTER TABLE ONLY public.audit_chain ATTACH PARTITION public.audit_chain_default DEFAULT;

ALTER TABLE ONLY public.audit ATTACH PARTITION public.audit_default DEFAULT;

ALTER TABLE ONLY public.delivery ATTACH PARTITION public.delivery_default DEFAULT;

ALTER TABLE ONLY public.event ATTACH PARTITION public.event_default DEFAULT;

ALTER TABLE ONLY public.meal ATTACH PARTITION public.meal_default DEFAULT;

ALTER TABLE ONLY public.notice ATTACH PARTITION public.notice_default DEFAULT;

ALTER TABLE ONLY public.pass ATTACH PARTITION public.pass_default DEFAULT;

ALTER TABLE ONLY public.account_half_open
    ADD CONSTRAINT account_half_open_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_login_key UNIQUE (login);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_person_id_key UNIQUE (person_id);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.account_recovery_code
    ADD CONSTRAINT account_recovery_code_pkey PRIMARY KEY (account_id, code_hash);

ALTER TABLE ONLY public.account_totp
    ADD CONSTRAINT account_totp_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (school_id, at, id);

ALTER TABLE ONLY public.audit_chain
    ADD CONSTRAINT audit_chain_pkey PRIMARY KEY (school_id, n, at);

ALTER TABLE ONLY public.audit_chain
    ADD CONSTRAINT audit_chain_school_id_at_audit_id_key UNIQUE (school_id, at, audit_id);

ALTER TABLE ONLY public.audit_chain_default
    ADD CONSTRAINT audit_chain_default_pkey PRIMARY KEY (school_id, n, at);

ALTER TABLE ONLY public.audit_chain_default
    ADD CONSTRAINT audit_chain_default_school_id_at_audit_id_key UNIQUE (school_id, at, audit_id);

ALTER TABLE ONLY public.audit_default
    ADD CONSTRAINT audit_default_pkey PRIMARY KEY (school_id, at, id);

ALTER TABLE ONLY public.audit_head
    ADD CONSTRAINT audit_head_pkey PRIMARY KEY (school_id);

ALTER TABLE ONLY public.audit_pending
    ADD CONSTRAINT audit_pending_pkey PRIMARY KEY (school_id, at, audit_id);

ALTER TABLE ONLY public.card
    ADD CONSTRAINT card_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.dead_letter
    ADD CONSTRAINT dead_letter_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT delivery_pkey PRIMARY KEY (school_id, notice_id, token_id, created_at);

ALTER TABLE ONLY public.delivery_default
    ADD CONSTRAINT delivery_default_pkey PRIMARY KEY (school_id, notice_id, token_id, created_at);

ALTER TABLE ONLY public.device
    ADD CONSTRAINT device_code_key UNIQUE (code);

ALTER TABLE ONLY public.device_cursor
    ADD CONSTRAINT device_cursor_pkey PRIMARY KEY (school_id, device_id, store);

ALTER TABLE ONLY public.device_health
    ADD CONSTRAINT device_health_pkey PRIMARY KEY (school_id, device_id);

ALTER TABLE ONLY public.device
    ADD CONSTRAINT device_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.enrolment
    ADD CONSTRAINT enrolment_pkey PRIMARY KEY (school_id, pupil_id, valid_from);

ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (school_id, device_id, store, seq, received_at);

ALTER TABLE ONLY public.event_default
    ADD CONSTRAINT event_default_pkey PRIMARY KEY (school_id, device_id, store, seq, received_at);

ALTER TABLE ONLY public.incident
    ADD CONSTRAINT incident_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_code_hash_key UNIQUE (code_hash);

ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.kinship
    ADD CONSTRAINT kinship_pkey PRIMARY KEY (school_id, pupil_id, guardian_id, valid_from);

ALTER TABLE ONLY public.meal
    ADD CONSTRAINT meal_pkey PRIMARY KEY (school_id, person_id, occurred_at, device_id, store, seq, received_at);

ALTER TABLE ONLY public.meal_default
    ADD CONSTRAINT meal_default_pkey PRIMARY KEY (school_id, person_id, occurred_at, device_id, store, seq, received_at);

ALTER TABLE ONLY public.notice
    ADD CONSTRAINT notice_pkey PRIMARY KEY (school_id, recipient_id, id, created_at);

ALTER TABLE ONLY public.notice_default
    ADD CONSTRAINT notice_default_pkey PRIMARY KEY (school_id, recipient_id, id, created_at);

ALTER TABLE ONLY public.notice_switch
    ADD CONSTRAINT notice_switch_pkey PRIMARY KEY (school_id, guardian_id, child_id, kind);

ALTER TABLE ONLY public.organisation
    ADD CONSTRAINT organisation_code_key UNIQUE (code);

ALTER TABLE ONLY public.organisation
    ADD CONSTRAINT organisation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.pass
    ADD CONSTRAINT pass_pkey PRIMARY KEY (school_id, person_id, occurred_at, device_id, store, seq, received_at);

ALTER TABLE ONLY public.pass_default
    ADD CONSTRAINT pass_default_pkey PRIMARY KEY (school_id, person_id, occurred_at, device_id, store, seq, received_at);

ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.presence
    ADD CONSTRAINT presence_pkey PRIMARY KEY (school_id, person_id);

ALTER TABLE ONLY public.push_token
    ADD CONSTRAINT push_token_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.retention_rule
    ADD CONSTRAINT retention_rule_pkey PRIMARY KEY (what, valid_from);

ALTER TABLE ONLY public.role_grant
    ADD CONSTRAINT role_grant_pkey PRIMARY KEY (school_id, person_id, role, valid_from);

ALTER TABLE ONLY public.school_class
    ADD CONSTRAINT school_class_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.school_person
    ADD CONSTRAINT school_person_pkey PRIMARY KEY (school_id, person_id, valid_from);

ALTER TABLE ONLY public.school_role_grant
    ADD CONSTRAINT school_role_grant_pkey PRIMARY KEY (school_id, role_id, person_id, valid_from);

ALTER TABLE ONLY public.school_role
    ADD CONSTRAINT school_role_pkey PRIMARY KEY (school_id, id);

ALTER TABLE ONLY public.school_role_right
    ADD CONSTRAINT school_role_right_pkey PRIMARY KEY (school_id, role_id, right_name);

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (token_hash);

CREATE INDEX account_half_open_account ON public.account_half_open USING btree (account_id);

CREATE INDEX card_code ON public.card USING btree (school_id, code);

CREATE UNIQUE INDEX card_open ON public.card USING btree (school_id, code) WHERE (valid_to IS NULL);

CREATE INDEX card_person ON public.card USING btree (school_id, person_id);

CREATE INDEX dead_letter_device ON public.dead_letter USING btree (school_id, device_id, received_at);

CREATE INDEX delivery_open ON ONLY public.delivery USING btree (lease_until) WHERE (outcome IS NULL);

CREATE INDEX delivery_default_lease_until_idx ON public.delivery_default USING btree (lease_until) WHERE (outcome IS NULL);

CREATE INDEX enrolment_class ON public.enrolment USING btree (school_id, class_id) WHERE (valid_to IS NULL);

CREATE UNIQUE INDEX enrolment_open ON public.enrolment USING btree (school_id, pupil_id) WHERE (valid_to IS NULL);

CREATE INDEX incident_device ON public.incident USING btree (school_id, device_id, last_at);

CREATE UNIQUE INDEX incident_open ON public.incident USING btree (school_id, kind, key) WHERE (closed_at IS NULL);

CREATE UNIQUE INDEX invitation_open ON public.invitation USING btree (school_id, guardian_id) WHERE ((used_at IS NULL) AND (revoked_at IS NULL));

CREATE INDEX kinship_guardian ON public.kinship USING btree (guardian_id) WHERE (valid_to IS NULL);

CREATE UNIQUE INDEX kinship_open ON public.kinship USING btree (school_id, pupil_id, guardian_id) WHERE (valid_to IS NULL);

CREATE INDEX meal_stream ON ONLY public.meal USING btree (school_id, received_at);

CREATE INDEX meal_default_school_id_received_at_idx ON public.meal_default USING btree (school_id, received_at);

CREATE INDEX organisation_parent ON public.organisation USING btree (parent_id);

CREATE INDEX pass_stream ON ONLY public.pass USING btree (school_id, received_at);

CREATE INDEX pass_default_school_id_received_at_idx ON public.pass_default USING btree (school_id, received_at);

CREATE UNIQUE INDEX push_token_open ON public.push_token USING btree (channel, token) WHERE (removed_at IS NULL);

CREATE INDEX push_token_person ON public.push_token USING btree (person_id) WHERE (removed_at IS NULL);

CREATE INDEX role_grant_person ON public.role_grant USING btree (person_id);

CREATE UNIQUE INDEX school_class_name ON public.school_class USING btree (school_id, grade, letter) WHERE (valid_to IS NULL);

CREATE INDEX school_person_person ON public.school_person USING btree (person_id);

CREATE INDEX school_role_grant_person ON public.school_role_grant USING btree (person_id);

CREATE UNIQUE INDEX school_role_name ON public.school_role USING btree (school_id, name_kk) WHERE (closed_at IS NULL);

CREATE INDEX session_account ON public.session USING btree (account_id);

CREATE UNIQUE INDEX session_id ON public.session USING btree (id);

ALTER INDEX public.audit_chain_pkey ATTACH PARTITION public.audit_chain_default_pkey;

ALTER INDEX public.audit_chain_school_id_at_audit_id_key ATTACH PARTITION public.audit_chain_default_school_id_at_audit_id_key;

ALTER INDEX public.audit_pkey ATTACH PARTITION public.audit_default_pkey;

ALTER INDEX public.delivery_open ATTACH PARTITION public.delivery_default_lease_until_idx;

ALTER INDEX public.delivery_pkey ATTACH PARTITION public.delivery_default_pkey;

ALTER INDEX public.event_pkey ATTACH PARTITION public.event_default_pkey;

ALTER INDEX public.meal_pkey ATTACH PARTITION public.meal_default_pkey;

ALTER INDEX public.meal_stream ATTACH PARTITION public.meal_default_school_id_received_at_idx;

ALTER INDEX public.notice_pkey ATTACH PARTITION public.notice_default_pkey;

ALTER INDEX public.pass_pkey ATTACH PARTITION public.pass_default_pkey;

ALTER INDEX public.pass_stream ATTACH PARTITION public.pass_default_school_id_received_at_idx;

CREATE TRIGGER audit_enqueue AFTER INSERT ON public.audit REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.audit_enqueue();

CREATE TRIGGER audit_head_forward BEFORE UPDATE ON public.audit_head FOR EACH ROW EXECUTE FUNCTION public.audit_head_forward();

ALTER TABLE ONLY public.account_half_open
    ADD CONSTRAINT account_half_open_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.account_recovery_code
    ADD CONSTRAINT account_recovery_code_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.account_totp
    ADD CONSTRAINT account_totp_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE ONLY public.audit_head
    ADD CONSTRAINT audit_head_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE public.audit
    ADD CONSTRAINT audit_school_id_fkey1 FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.card
    ADD CONSTRAINT card_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.card
    ADD CONSTRAINT card_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.dead_letter
    ADD CONSTRAINT dead_letter_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.device_cursor
    ADD CONSTRAINT device_cursor_school_id_device_id_fkey FOREIGN KEY (school_id, device_id) REFERENCES public.device(school_id, id);

ALTER TABLE ONLY public.device_health
    ADD CONSTRAINT device_health_school_id_device_id_fkey FOREIGN KEY (school_id, device_id) REFERENCES public.device(school_id, id);

ALTER TABLE ONLY public.device
    ADD CONSTRAINT device_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.enrolment
    ADD CONSTRAINT enrolment_pupil_id_fkey FOREIGN KEY (pupil_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.enrolment
    ADD CONSTRAINT enrolment_school_id_class_id_fkey FOREIGN KEY (school_id, class_id) REFERENCES public.school_class(school_id, id);

ALTER TABLE ONLY public.incident
    ADD CONSTRAINT incident_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.person(id);

ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_guardian_id_fkey FOREIGN KEY (guardian_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.kinship
    ADD CONSTRAINT kinship_guardian_id_fkey FOREIGN KEY (guardian_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.kinship
    ADD CONSTRAINT kinship_pupil_id_fkey FOREIGN KEY (pupil_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.kinship
    ADD CONSTRAINT kinship_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.notice_switch
    ADD CONSTRAINT notice_switch_child_id_fkey FOREIGN KEY (child_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.notice_switch
    ADD CONSTRAINT notice_switch_guardian_id_fkey FOREIGN KEY (guardian_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.notice_switch
    ADD CONSTRAINT notice_switch_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.organisation
    ADD CONSTRAINT organisation_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.presence
    ADD CONSTRAINT presence_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.presence
    ADD CONSTRAINT presence_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.push_token
    ADD CONSTRAINT push_token_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.role_grant
    ADD CONSTRAINT role_grant_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.role_grant
    ADD CONSTRAINT role_grant_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.school_class
    ADD CONSTRAINT school_class_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.school_person
    ADD CONSTRAINT school_person_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.school_person
    ADD CONSTRAINT school_person_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.school_role_grant
    ADD CONSTRAINT school_role_grant_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id);

ALTER TABLE ONLY public.school_role_grant
    ADD CONSTRAINT school_role_grant_school_id_role_id_fkey FOREIGN KEY (school_id, role_id) REFERENCES public.school_role(school_id, id);

ALTER TABLE ONLY public.school_role_right
    ADD CONSTRAINT school_role_right_school_id_role_id_fkey FOREIGN KEY (school_id, role_id) REFERENCES public.school_role(school_id, id);

ALTER TABLE ONLY public.school_role
    ADD CONSTRAINT school_role_school_id_fkey FOREIGN KEY (school_id) REFERENCES public.organisation(id);

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

ALTER TABLE public.audit ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit_chain ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit_head ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit_pending ENABLE ROW LEVEL SECURITY;

CREATE POLICY by_code ON public.invitation FOR SELECT USING ((encode(code_hash, 'hex'::text) = ( SELECT current_setting('shanyraq.invitation'::text, true) AS current_setting)));

ALTER TABLE public.card ENABLE ROW LEVEL SECURITY;

CREATE POLICY claim ON public.push_token TO shanyraq_owner USING (true) WITH CHECK (true);

CREATE POLICY created ON public.person FOR INSERT WITH CHECK (true);

ALTER TABLE public.dead_letter ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.delivery ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.device ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.device_cursor ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.device_health ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.enrolment ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.event ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.incident ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.invitation ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.kinship ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.meal ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.notice ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.notice_switch ENABLE ROW LEVEL SECURITY;

CREATE POLICY own ON public.kinship FOR SELECT USING ((guardian_id = ( SELECT public.current_person() AS current_person)));

CREATE POLICY own ON public.push_token USING ((person_id = ( SELECT public.current_person() AS current_person))) WITH CHECK ((person_id = ( SELECT public.current_person() AS current_person)));

CREATE POLICY own ON public.role_grant FOR SELECT USING ((person_id = ( SELECT public.current_person() AS current_person)));

CREATE POLICY own ON public.school_role FOR SELECT USING ((EXISTS ( SELECT
   FROM public.school_role_grant g
  WHERE ((g.school_id = school_role.school_id) AND (g.role_id = school_role.id) AND (g.person_id = ( SELECT public.current_person() AS current_person))))));

CREATE POLICY own ON public.school_role_grant FOR SELECT USING ((person_id = ( SELECT public.current_person() AS current_person)));

CREATE POLICY own ON public.school_role_right FOR SELECT USING ((EXISTS ( SELECT
   FROM public.school_role_grant g
  WHERE ((g.school_id = school_role_right.school_id) AND (g.role_id = school_role_right.role_id) AND (g.person_id = ( SELECT public.current_person() AS current_person))))));

ALTER TABLE public.pass ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.person ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.presence ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.push_token ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.role_grant ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.school_class ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.school_person ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.school_role ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.school_role_grant ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.school_role_right ENABLE ROW LEVEL SECURITY;

CREATE POLICY seen_by_school ON public.person FOR SELECT USING (((id = ( SELECT public.current_person() AS current_person)) OR (EXISTS ( SELECT
   FROM public.school_person sp
  WHERE (sp.person_id = person.id)))));

CREATE POLICY sender ON public.push_token TO shanyraq_engine, shanyraq_jobs USING (true) WITH CHECK (true);

CREATE POLICY tenant ON public.audit TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.audit_chain TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.audit_head TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.audit_pending TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.card TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.dead_letter TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.delivery TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.device TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.device_cursor TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.device_health TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.enrolment TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.event TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.incident TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.invitation TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.kinship TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.meal TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.notice TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.notice_switch TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.pass TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.presence TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.role_grant TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.school_class TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.school_person TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.school_role TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.school_role_grant TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant ON public.school_role_right TO shanyraq_owner, shanyraq_web, shanyraq_report USING ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[]))) WITH CHECK ((school_id = ANY (( SELECT public.current_schools() AS current_schools)::uuid[])));

CREATE POLICY tenant_in_batch ON public.audit TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.audit_chain TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.audit_head TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.audit_pending TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.card TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.dead_letter TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.delivery TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.device TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.device_cursor TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.device_health TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.enrolment TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.event TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.incident TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.invitation TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.kinship TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.meal TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.notice TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.notice_switch TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.pass TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.presence TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.role_grant TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.school_class TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.school_person TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.school_role TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.school_role_grant TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY tenant_in_batch ON public.school_role_right TO shanyraq_engine, shanyraq_jobs USING ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest))) WITH CHECK ((school_id IN ( SELECT unnest(public.current_schools()) AS unnest)));

CREATE POLICY written_by_school ON public.person FOR UPDATE USING ((EXISTS ( SELECT
   FROM public.school_person sp
  WHERE (sp.person_id = person.id))));

GRANT ALL ON SCHEMA public TO shanyraq_owner;

REVOKE ALL ON FUNCTION public.delivery_claim_push_token(its_channel text, its_token text, at timestamp with time zone) FROM PUBLIC;

GRANT ALL ON FUNCTION public.delivery_claim_push_token(its_channel text, its_token text, at timestamp with time zone) TO shanyraq_web;

REVOKE ALL ON FUNCTION public.ensure_partitions(months_ahead integer) FROM PUBLIC;

GRANT ALL ON FUNCTION public.ensure_partitions(months_ahead integer) TO shanyraq_engine;

GRANT ALL ON FUNCTION public.ensure_partitions(months_ahead integer) TO shanyraq_jobs;

REVOKE ALL ON PROCEDURE public.make_tenant_table(IN t regclass) FROM PUBLIC;

GRANT SELECT,INSERT,UPDATE ON TABLE public.account TO shanyraq_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.account_half_open TO shanyraq_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.account_recovery_code TO shanyraq_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.account_totp TO shanyraq_web;

GRANT SELECT,INSERT ON TABLE public.audit TO shanyraq_web;

GRANT SELECT,INSERT ON TABLE public.audit TO shanyraq_jobs;

GRANT INSERT ON TABLE public.audit TO shanyraq_engine;

GRANT SELECT ON TABLE public.audit TO shanyraq_report;

GRANT SELECT ON TABLE public.audit_chain TO shanyraq_web;

GRANT SELECT ON TABLE public.audit_chain TO shanyraq_report;

GRANT SELECT,INSERT ON TABLE public.audit_chain TO shanyraq_jobs;

GRANT SELECT ON TABLE public.audit_head TO shanyraq_web;

GRANT SELECT ON TABLE public.audit_head TO shanyraq_report;

GRANT SELECT,INSERT ON TABLE public.audit_head TO shanyraq_jobs;

GRANT UPDATE(n) ON TABLE public.audit_head TO shanyraq_jobs;

GRANT UPDATE(hash) ON TABLE public.audit_head TO shanyraq_jobs;

GRANT UPDATE(chained_at) ON TABLE public.audit_head TO shanyraq_jobs;

GRANT SELECT,INSERT ON TABLE public.audit_pending TO shanyraq_web;

GRANT INSERT ON TABLE public.audit_pending TO shanyraq_engine;

GRANT SELECT,INSERT,DELETE ON TABLE public.audit_pending TO shanyraq_jobs;

GRANT SELECT ON TABLE public.audit_pending TO shanyraq_report;

GRANT SELECT,INSERT,UPDATE ON TABLE public.card TO shanyraq_web;

GRANT SELECT ON TABLE public.card TO shanyraq_engine;

GRANT SELECT ON TABLE public.card TO shanyraq_jobs;

GRANT SELECT ON TABLE public.card TO shanyraq_report;

GRANT SELECT,INSERT ON TABLE public.dead_letter TO shanyraq_engine;

GRANT SELECT ON TABLE public.dead_letter TO shanyraq_web;

GRANT SELECT ON TABLE public.dead_letter TO shanyraq_jobs;

GRANT SELECT ON TABLE public.dead_letter TO shanyraq_report;

GRANT SELECT,INSERT,UPDATE ON TABLE public.delivery TO shanyraq_engine;

GRANT SELECT,INSERT,UPDATE ON TABLE public.delivery TO shanyraq_jobs;

GRANT SELECT ON TABLE public.delivery TO shanyraq_web;

GRANT SELECT ON TABLE public.delivery TO shanyraq_report;

GRANT SELECT ON TABLE public.delivery_v_delivery TO shanyraq_web;

GRANT SELECT ON TABLE public.delivery_v_delivery TO shanyraq_report;

GRANT SELECT,INSERT ON TABLE public.notice TO shanyraq_engine;

GRANT SELECT,INSERT ON TABLE public.notice TO shanyraq_jobs;

GRANT SELECT ON TABLE public.notice TO shanyraq_web;

GRANT SELECT ON TABLE public.notice TO shanyraq_report;

GRANT UPDATE(read_at) ON TABLE public.notice TO shanyraq_web;

GRANT SELECT ON TABLE public.delivery_v_notice TO shanyraq_web;

GRANT SELECT ON TABLE public.delivery_v_notice TO shanyraq_report;

GRANT SELECT,INSERT,UPDATE ON TABLE public.device TO shanyraq_web;

GRANT SELECT ON TABLE public.device TO shanyraq_engine;

GRANT SELECT ON TABLE public.device TO shanyraq_jobs;

GRANT SELECT ON TABLE public.device TO shanyraq_report;

GRANT SELECT,INSERT,UPDATE ON TABLE public.device_cursor TO shanyraq_engine;

GRANT SELECT ON TABLE public.device_cursor TO shanyraq_web;

GRANT SELECT ON TABLE public.device_cursor TO shanyraq_jobs;

GRANT SELECT ON TABLE public.device_cursor TO shanyraq_report;

GRANT SELECT,INSERT,UPDATE ON TABLE public.device_health TO shanyraq_engine;

GRANT SELECT ON TABLE public.device_health TO shanyraq_web;

GRANT SELECT ON TABLE public.device_health TO shanyraq_jobs;

GRANT SELECT ON TABLE public.device_health TO shanyraq_report;

GRANT SELECT ON TABLE public.engine_v_cursor TO shanyraq_web;

GRANT SELECT ON TABLE public.engine_v_cursor TO shanyraq_jobs;

GRANT SELECT ON TABLE public.engine_v_cursor TO shanyraq_report;

GRANT SELECT,INSERT ON TABLE public.event TO shanyraq_engine;

GRANT SELECT ON TABLE public.event TO shanyraq_web;

GRANT SELECT ON TABLE public.event TO shanyraq_jobs;

GRANT SELECT ON TABLE public.event TO shanyraq_report;

GRANT SELECT ON TABLE public.engine_v_event TO shanyraq_web;

GRANT SELECT ON TABLE public.engine_v_event TO shanyraq_jobs;

GRANT SELECT ON TABLE public.engine_v_event TO shanyraq_report;

GRANT SELECT,INSERT,UPDATE ON TABLE public.incident TO shanyraq_engine;

GRANT SELECT,INSERT,UPDATE ON TABLE public.incident TO shanyraq_web;

GRANT SELECT,INSERT,UPDATE ON TABLE public.incident TO shanyraq_jobs;

GRANT SELECT ON TABLE public.engine_v_incident TO shanyraq_web;

GRANT SELECT ON TABLE public.engine_v_incident TO shanyraq_jobs;

GRANT SELECT ON TABLE public.engine_v_incident TO shanyraq_report;

GRANT SELECT ON TABLE public.engine_v_letter TO shanyraq_web;

GRANT SELECT ON TABLE public.engine_v_letter TO shanyraq_jobs;

GRANT SELECT ON TABLE public.engine_v_letter TO shanyraq_report;

GRANT SELECT,INSERT,UPDATE ON TABLE public.enrolment TO shanyraq_web;

GRANT SELECT ON TABLE public.enrolment TO shanyraq_engine;

GRANT SELECT ON TABLE public.enrolment TO shanyraq_jobs;

GRANT SELECT ON TABLE public.enrolment TO shanyraq_report;

GRANT SELECT ON TABLE public.fleet_v_device TO shanyraq_web;

GRANT SELECT ON TABLE public.fleet_v_device TO shanyraq_jobs;

GRANT SELECT ON TABLE public.fleet_v_device TO shanyraq_report;

GRANT SELECT,INSERT,UPDATE ON TABLE public.invitation TO shanyraq_web;

GRANT SELECT,INSERT,UPDATE ON TABLE public.kinship TO shanyraq_web;

GRANT SELECT ON TABLE public.kinship TO shanyraq_engine;

GRANT SELECT ON TABLE public.kinship TO shanyraq_jobs;

GRANT SELECT ON TABLE public.kinship TO shanyraq_report;

GRANT SELECT,INSERT ON TABLE public.meal TO shanyraq_engine;

GRANT SELECT ON TABLE public.meal TO shanyraq_web;

GRANT SELECT ON TABLE public.meal TO shanyraq_jobs;

GRANT SELECT ON TABLE public.meal TO shanyraq_report;

GRANT SELECT ON TABLE public.notice_switch TO shanyraq_engine;

GRANT SELECT ON TABLE public.notice_switch TO shanyraq_jobs;

GRANT SELECT,INSERT,UPDATE ON TABLE public.notice_switch TO shanyraq_web;

GRANT SELECT,INSERT,UPDATE ON TABLE public.organisation TO shanyraq_web;

GRANT SELECT ON TABLE public.organisation TO shanyraq_engine;

GRANT SELECT ON TABLE public.organisation TO shanyraq_jobs;

GRANT SELECT ON TABLE public.organisation TO shanyraq_report;

GRANT SELECT,INSERT ON TABLE public.pass TO shanyraq_engine;

GRANT SELECT ON TABLE public.pass TO shanyraq_web;

GRANT SELECT ON TABLE public.pass TO shanyraq_jobs;

GRANT SELECT ON TABLE public.pass TO shanyraq_report;

GRANT SELECT ON TABLE public.people_v_kinship TO shanyraq_web;

GRANT SELECT ON TABLE public.people_v_kinship TO shanyraq_engine;

GRANT SELECT ON TABLE public.people_v_kinship TO shanyraq_jobs;

GRANT SELECT ON TABLE public.people_v_kinship TO shanyraq_report;

GRANT SELECT,INSERT,UPDATE ON TABLE public.person TO shanyraq_web;

GRANT SELECT ON TABLE public.person TO shanyraq_engine;

GRANT SELECT ON TABLE public.person TO shanyraq_jobs;

GRANT SELECT ON TABLE public.person TO shanyraq_report;

GRANT SELECT,INSERT,UPDATE ON TABLE public.school_class TO shanyraq_web;

GRANT SELECT ON TABLE public.school_class TO shanyraq_engine;

GRANT SELECT ON TABLE public.school_class TO shanyraq_jobs;

GRANT SELECT ON TABLE public.school_class TO shanyraq_report;

GRANT SELECT,INSERT,UPDATE ON TABLE public.school_person TO shanyraq_web;

GRANT SELECT ON TABLE public.school_person TO shanyraq_engine;

GRANT SELECT ON TABLE public.school_person TO shanyraq_jobs;

GRANT SELECT ON TABLE public.school_person TO shanyraq_report;

GRANT SELECT ON TABLE public.people_v_member TO shanyraq_web;

GRANT SELECT ON TABLE public.people_v_member TO shanyraq_engine;

GRANT SELECT ON TABLE public.people_v_member TO shanyraq_jobs;

GRANT SELECT ON TABLE public.people_v_member TO shanyraq_report;

GRANT SELECT ON TABLE public.people_v_name TO shanyraq_web;

GRANT SELECT ON TABLE public.people_v_name TO shanyraq_engine;

GRANT SELECT ON TABLE public.people_v_name TO shanyraq_jobs;

GRANT SELECT ON TABLE public.people_v_name TO shanyraq_report;

GRANT SELECT ON TABLE public.people_v_organisation TO shanyraq_web;

GRANT SELECT ON TABLE public.people_v_organisation TO shanyraq_engine;

GRANT SELECT ON TABLE public.people_v_organisation TO shanyraq_jobs;

GRANT SELECT ON TABLE public.people_v_organisation TO shanyraq_report;

GRANT SELECT ON TABLE public.people_v_pupil TO shanyraq_web;

GRANT SELECT ON TABLE public.people_v_pupil TO shanyraq_engine;

GRANT SELECT ON TABLE public.people_v_pupil TO shanyraq_jobs;

GRANT SELECT ON TABLE public.people_v_pupil TO shanyraq_report;

GRANT SELECT,INSERT,UPDATE ON TABLE public.presence TO shanyraq_engine;

GRANT SELECT ON TABLE public.presence TO shanyraq_web;

GRANT SELECT ON TABLE public.presence TO shanyraq_jobs;

GRANT SELECT ON TABLE public.presence TO shanyraq_report;

GRANT SELECT,INSERT,UPDATE ON TABLE public.push_token TO shanyraq_web;

GRANT SELECT,UPDATE ON TABLE public.push_token TO shanyraq_engine;

GRANT SELECT,UPDATE ON TABLE public.push_token TO shanyraq_jobs;

GRANT SELECT ON TABLE public.retention_rule TO shanyraq_web;

GRANT SELECT ON TABLE public.retention_rule TO shanyraq_jobs;

GRANT SELECT ON TABLE public.retention_rule TO shanyraq_report;

GRANT SELECT,INSERT,UPDATE ON TABLE public.role_grant TO shanyraq_web;

GRANT SELECT ON TABLE public.safety_v_card TO shanyraq_web;

GRANT SELECT ON TABLE public.safety_v_card TO shanyraq_jobs;

GRANT SELECT ON TABLE public.safety_v_card TO shanyraq_report;

GRANT SELECT ON TABLE public.safety_v_presence TO shanyraq_web;

GRANT SELECT ON TABLE public.safety_v_presence TO shanyraq_engine;

GRANT SELECT ON TABLE public.safety_v_presence TO shanyraq_jobs;

GRANT SELECT ON TABLE public.safety_v_presence TO shanyraq_report;

GRANT SELECT ON TABLE public.safety_v_record TO shanyraq_web;

GRANT SELECT ON TABLE public.safety_v_record TO shanyraq_jobs;

GRANT SELECT ON TABLE public.safety_v_record TO shanyraq_report;

GRANT SELECT,INSERT,UPDATE ON TABLE public.school_role TO shanyraq_web;

GRANT SELECT,INSERT,UPDATE ON TABLE public.school_role_grant TO shanyraq_web;

GRANT SELECT,INSERT,DELETE ON TABLE public.school_role_right TO shanyraq_web;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.session TO shanyraq_web;
