CREATE TABLE audit_entry (
  id          uuid             NOT NULL CONSTRAINT audit_entry_pkey PRIMARY KEY,
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
  metadata    jsonb            NOT NULL,
  occurred_at timestamptz(3)   NOT NULL,
  recorded_at timestamptz(3)   NOT NULL,
  leaf_hash   text             NOT NULL
);
CREATE UNIQUE INDEX audit_entry_sequence ON audit_entry (sequence);
CREATE INDEX audit_entry_actor ON audit_entry (actor_id, sequence);
CREATE INDEX audit_entry_action ON audit_entry (action, sequence);
CREATE INDEX audit_entry_resource ON audit_entry (resource, resource_id, sequence);
CREATE INDEX audit_entry_resource_id ON audit_entry (resource_id, sequence);
CREATE INDEX audit_entry_request ON audit_entry (request_id);
CREATE INDEX audit_entry_occurred ON audit_entry (occurred_at);

-- The place and time that the next entry must have. Until the transaction ends, nobody else gets one:
-- sequences have no gaps, and their order is the order of commits.
CREATE FUNCTION next_position(OUT sequence bigint, OUT recorded_at timestamptz) LANGUAGE plpgsql
  SET search_path = audit, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('audit.log'));
  SELECT last.sequence + 1, last.recorded_at INTO sequence, recorded_at
    FROM audit_entry AS last ORDER BY last.sequence DESC LIMIT 1;
  sequence := coalesce(sequence, 0);
  recorded_at := greatest(recorded_at, date_trunc('milliseconds', clock_timestamp()));
END $$;

-- Place and time are part of what an entry's hash covers, so they are known before the insert and checked by it.
CREATE FUNCTION refuse_forged_position() RETURNS trigger LANGUAGE plpgsql
  SET search_path = audit, pg_temp AS $$
DECLARE
  next record;
BEGIN
  SELECT * INTO next FROM next_position();
  IF NEW.sequence IS DISTINCT FROM next.sequence
    OR NEW.recorded_at > next.recorded_at
    OR NEW.recorded_at < date_trunc('milliseconds', transaction_timestamp())
    OR NEW.recorded_at < (SELECT last.recorded_at FROM audit_entry AS last WHERE last.sequence = next.sequence - 1)
  THEN
    RAISE EXCEPTION 'The log sets sequence and time itself: take them from next_position()' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The audit log is append-only: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER refuse_forged_position BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse_forged_position();
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- Also for the owner, and while session_replication_role is replica.
ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER refuse_forged_position;
ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER refuse_change;

REVOKE ALL ON audit_entry FROM audit_app;
GRANT SELECT, INSERT ON audit_entry TO audit_app;
