-- Entries by month of recording, so that old months can be put into an archive whole.
ALTER TABLE audit_entry RENAME TO entry_without_months;
ALTER INDEX audit_entry_pkey RENAME TO entry_without_months_pkey;

CREATE TABLE audit_entry (
  id          uuid             NOT NULL,
  sequence    bigint           NOT NULL,
  actor_id    text,
  action      text COLLATE "C" NOT NULL,
  resource    text             NOT NULL,
  resource_id text,
  outcome     text             NOT NULL CONSTRAINT audit_entry_outcome CHECK (outcome IN ('SUCCESS', 'DENIED', 'FAILED')),
  ip_address  text,
  user_agent  text,
  request_id  text,
  trace_id    text,
  tenant_id   uuid             NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001',
  metadata    jsonb,
  -- Ciphertext of what is personal, in place of ip_address, user_agent and metadata.
  sealed      jsonb,
  occurred_at timestamptz(3)   NOT NULL,
  recorded_at timestamptz(3)   NOT NULL,
  leaf_hash   text             NOT NULL,
  CONSTRAINT audit_entry_pkey PRIMARY KEY (id, recorded_at)
) PARTITION BY RANGE (recorded_at);

-- Which log this is, so that checkpoints of another one are told apart.
CREATE TABLE log_identity (
  only_row boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
  id       uuid        NOT NULL DEFAULT gen_random_uuid(),
  began_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO log_identity DEFAULT VALUES;

-- Hashes of the Merkle tree, 256 at a time (C2SP tlog-tiles): level 0 has the leaves, level n the roots of the tiles of level n - 1.
-- Only full tiles are kept; the rest follows from the entries.
CREATE TABLE tile (
  level  smallint NOT NULL,
  index  bigint   NOT NULL,
  hashes bytea    NOT NULL CHECK (length(hashes) = 8192),
  root   bytea    NOT NULL CHECK (length(root) = 32),
  PRIMARY KEY (level, index)
);

CREATE TABLE checkpoint (
  tree_size bigint         PRIMARY KEY,
  root_hash bytea          NOT NULL,
  note      text           NOT NULL,
  signed_at timestamptz(3) NOT NULL
);

-- A subject's key; without it what was sealed for the subject is lost for good.
CREATE TABLE subject_key (
  subject      text        PRIMARY KEY,
  key          bytea,
  made_at      timestamptz NOT NULL DEFAULT now(),
  destroyed_at timestamptz,
  CHECK ((key IS NULL) = (destroyed_at IS NOT NULL))
);

-- Exports that were asked for. Who asked is in the log.
CREATE TABLE export_job (
  id          uuid        PRIMARY KEY,
  format      text        NOT NULL CHECK (format IN ('CSV', 'JSONL')),
  criteria    jsonb       NOT NULL,
  asked_at    timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  failure     text
);

-- The place and time that the next entry must have. Until the transaction ends, nobody else gets one:
-- sequences have no gaps, and their order is the order of commits. What a checkpoint covers is never given out again.
CREATE OR REPLACE FUNCTION next_position(OUT sequence bigint, OUT recorded_at timestamptz) LANGUAGE plpgsql
  SET search_path = audit, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('audit.log'));
  SELECT last.sequence + 1, last.recorded_at INTO sequence, recorded_at
    FROM audit_entry AS last ORDER BY last.sequence DESC LIMIT 1;
  sequence := greatest(sequence, (SELECT max(tree_size) FROM checkpoint), 0);
  recorded_at := greatest(recorded_at, date_trunc('milliseconds', clock_timestamp()));
END $$;

-- Place and time are part of what an entry's hash covers, so they are known before the insert and checked after it, all at once.
CREATE FUNCTION refuse_forged_positions() RETURNS trigger LANGUAGE plpgsql
  SET search_path = audit, pg_temp AS $$
DECLARE
  given record;
  last record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('audit.log'));
  SELECT min(sequence) AS first, max(sequence) AS final, count(*) AS number, min(recorded_at) AS earliest, max(recorded_at) AS latest,
         count(DISTINCT sequence) = max(sequence) - min(sequence) + 1 AS whole
    INTO given FROM added;
  IF given.number = 0 THEN
    RETURN NULL;
  END IF;
  SELECT entry.sequence, entry.recorded_at INTO last
    FROM audit_entry AS entry WHERE entry.sequence < given.first ORDER BY entry.sequence DESC LIMIT 1;
  IF given.first IS DISTINCT FROM greatest(last.sequence + 1, (SELECT max(tree_size) FROM checkpoint), 0)
    OR NOT given.whole
    OR (SELECT count(*) FROM audit_entry AS entry WHERE entry.sequence BETWEEN given.first AND given.final) <> given.number
    OR (SELECT max(sequence) FROM audit_entry) <> given.final
    OR given.earliest < greatest(last.recorded_at, date_trunc('milliseconds', transaction_timestamp()))
    OR given.latest > greatest(last.recorded_at, date_trunc('milliseconds', clock_timestamp()))
    OR EXISTS (SELECT FROM (SELECT recorded_at < lag(recorded_at) OVER (ORDER BY sequence) AS earlier FROM added) AS steps WHERE earlier)
  THEN
    RAISE EXCEPTION 'The log sets sequence and time itself: take them from next_position()' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;

-- Triggers that stay on for the owner, and while session_replication_role is replica. Partitions need their own:
-- those of the whole table do not see what is done to a partition by its name.
CREATE FUNCTION protect(guarded regclass, positions boolean) RETURNS void LANGUAGE plpgsql
  SET search_path = audit, pg_temp AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', guarded);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER refuse_change', guarded);
  IF positions THEN
    EXECUTE format('CREATE TRIGGER refuse_forged_positions AFTER INSERT ON %s REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION refuse_forged_positions()', guarded);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER refuse_forged_positions', guarded);
  END IF;
  EXECUTE format('REVOKE ALL ON %s FROM audit_app', guarded);
END $$;

CREATE FUNCTION make_partition(month timestamp) RETURNS void LANGUAGE plpgsql
  SET search_path = audit, pg_temp AS $$
DECLARE
  partition text := 'audit_entry_' || to_char(month, 'YYYY_MM');
BEGIN
  IF to_regclass(partition) IS NOT NULL THEN
    RETURN;
  END IF;
  EXECUTE format('CREATE TABLE %I PARTITION OF audit_entry FOR VALUES FROM (%L) TO (%L)', partition,
    month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
  PERFORM protect(partition, true);
END $$;

-- The one thing about tables that the running subgraph may ask for: this month's partition and those of the months ahead.
CREATE FUNCTION make_partitions(ahead integer) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = audit, pg_temp AS $$
DECLARE
  this_month timestamp := date_trunc('month', now() AT TIME ZONE 'UTC');
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('audit.partitions'));
  FOR offset_in_months IN 0 .. least(greatest(ahead, 0), 24) LOOP
    PERFORM make_partition(this_month + make_interval(months => offset_in_months));
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION make_partitions(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION make_partitions(integer) TO audit_app;

DO $$
DECLARE
  month timestamp;
BEGIN
  FOR month IN SELECT DISTINCT date_trunc('month', recorded_at AT TIME ZONE 'UTC') FROM entry_without_months LOOP
    PERFORM make_partition(month);
  END LOOP;
  PERFORM make_partitions(3);
END $$;

INSERT INTO audit_entry (id, sequence, actor_id, action, resource, resource_id, outcome, ip_address, user_agent, request_id,
    trace_id, tenant_id, metadata, occurred_at, recorded_at, leaf_hash)
  SELECT id, sequence, actor_id, action, resource, resource_id, outcome, ip_address, user_agent, request_id,
    trace_id, tenant_id, metadata, occurred_at, recorded_at, leaf_hash FROM entry_without_months;
DROP TABLE entry_without_months;
DROP FUNCTION refuse_forged_position();

CREATE UNIQUE INDEX audit_entry_sequence ON audit_entry (sequence, recorded_at);
CREATE INDEX audit_entry_actor ON audit_entry (actor_id, sequence);
CREATE INDEX audit_entry_action ON audit_entry (action, sequence);
CREATE INDEX audit_entry_resource ON audit_entry (resource, sequence);
CREATE INDEX audit_entry_resource_id ON audit_entry (resource_id, sequence);
CREATE INDEX audit_entry_request ON audit_entry (request_id);
CREATE INDEX audit_entry_occurred ON audit_entry (occurred_at);

SELECT protect('audit_entry', true), protect('tile', false), protect('checkpoint', false), protect('log_identity', false);
REVOKE ALL ON subject_key FROM audit_app;
GRANT SELECT, INSERT ON audit_entry, tile, checkpoint TO audit_app;
GRANT SELECT ON log_identity TO audit_app;
GRANT SELECT, INSERT, UPDATE (key, destroyed_at) ON subject_key TO audit_app;
