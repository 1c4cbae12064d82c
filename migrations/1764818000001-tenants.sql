-- Rows of tenants are visible to their tenant alone: the one that the transaction has set app.tenant_id to. Without it there are none.
CREATE FUNCTION current_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT nullif(current_setting('app.tenant_id', true), '')::uuid
$$;

-- To be called for each table that has a tenant_id, by the migration that makes it. The owner's policy is for migrations, backups and functions
-- that filter by the tenant themselves; the other role is what acts across tenants (docs/security.md). The sub-select is evaluated once.
CREATE FUNCTION isolate_tenants(owned regclass) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  schema CONSTANT text := (SELECT relnamespace::regnamespace::text FROM pg_class WHERE oid = owned);
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY, ALTER COLUMN tenant_id SET DEFAULT current_tenant()', owned);
  EXECUTE format('CREATE POLICY own_tenant ON %s USING (tenant_id = (SELECT current_tenant()))', owned);
  EXECUTE format('CREATE POLICY all_tenants ON %s TO %I, %I USING (true)', owned, schema || '_owner', schema || '_all_tenants');
END $$;

-- The role that acts across tenants may do with each table what the runtime role may, and no more.
DO $$
DECLARE
  granted record;
  runtime CONSTANT text := current_schema() || '_app';
  allowed CONSTANT text := current_schema() || '_all_tenants';
BEGIN
  EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM %I', current_schema(), allowed);
  FOR granted IN
    SELECT oid::regclass AS owned, privilege_type AS privilege, NULL AS attribute FROM pg_class, LATERAL aclexplode(relacl)
      WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v') AND grantee = runtime::regrole
    UNION SELECT attrelid::regclass, privilege_type, attname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid, LATERAL aclexplode(attacl)
      WHERE relnamespace = current_schema()::regnamespace AND grantee = runtime::regrole
  LOOP
    EXECUTE format('GRANT %s %s ON %s TO %I', granted.privilege, '(' || quote_ident(granted.attribute) || ')', granted.owned, allowed);
  END LOOP;
  EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA %I TO %I', current_schema(), allowed);
END $$;

-- Events and what was done under a key belong to the tenant that caused them; until now, there was one. Nothing is rewritten for the new column.
SET LOCAL lock_timeout = '10s';
ALTER TABLE outbox ADD COLUMN tenant_id uuid NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001';
ALTER TABLE dead_letter ADD COLUMN tenant_id uuid NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001';
ALTER TABLE idempotency_keys ADD COLUMN tenant_id uuid NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001';
SELECT isolate_tenants('outbox'), isolate_tenants('dead_letter'), isolate_tenants('idempotency_keys');
