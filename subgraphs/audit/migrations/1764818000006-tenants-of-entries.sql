-- Whoever reads entries reads those of their tenant. The log is one: its order, its tree and its keys are the platform's, and what keeps them
-- whole looks at every entry, as the owner. Building the index takes some seconds for each million entries, and lets new ones wait; reading goes on.
SET LOCAL lock_timeout = '10s';
CREATE INDEX audit_entry_tenant ON audit_entry (tenant_id, sequence);

ALTER FUNCTION next_position() SECURITY DEFINER;
ALTER FUNCTION refuse_forged_positions() SECURITY DEFINER;
ALTER FUNCTION position_at(timestamptz) SECURITY DEFINER;
ALTER FUNCTION span_of(timestamptz, timestamptz) SECURITY DEFINER;

-- Hashes of entries, which tell nothing of them: what proofs are made of, where there are no tiles yet.
CREATE FUNCTION leaf_hashes(since bigint, beyond bigint) RETURNS SETOF bytea LANGUAGE sql STABLE SECURITY DEFINER SET search_path = audit, pg_temp AS $$
  SELECT decode(leaf_hash, 'hex') FROM audit_entry WHERE sequence >= since AND sequence < beyond ORDER BY sequence
$$;

-- Whether the log has entries that the tenant does not see.
CREATE FUNCTION has_entries_of_others() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = audit, pg_temp AS $$
  SELECT coalesce((SELECT tenant_id FROM audit_entry ORDER BY tenant_id LIMIT 1) <> current_tenant()
    OR (SELECT tenant_id FROM audit_entry ORDER BY tenant_id DESC LIMIT 1) <> current_tenant(), false)
$$;
REVOKE ALL ON FUNCTION next_position(), position_at(timestamptz), span_of(timestamptz, timestamptz), leaf_hashes(bigint, bigint), has_entries_of_others() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION next_position(), position_at(timestamptz), span_of(timestamptz, timestamptz), leaf_hashes(bigint, bigint), has_entries_of_others(),
  make_partitions(integer) TO audit_app, audit_all_tenants;

-- A table of the log is no more open to the role that acts across tenants than to the runtime role. A month takes entries, and is read through the log.
CREATE OR REPLACE FUNCTION make_partition(month timestamp) RETURNS void LANGUAGE plpgsql
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
  EXECUTE format('REVOKE ALL ON %I FROM audit_all_tenants', partition);
  EXECUTE format('GRANT INSERT ON %I TO audit_app, audit_all_tenants', partition);
END $$;

ALTER TABLE export_job ADD COLUMN tenant_id uuid NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001';
SELECT isolate_tenants('audit_entry'), isolate_tenants('export_job');
