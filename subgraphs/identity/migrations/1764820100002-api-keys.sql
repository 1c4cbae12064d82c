-- Programs act by API keys: for a member, or for a service account of the organization. What ends the one it acts for ends the key.
CREATE TABLE service_accounts (
  id           uuid           NOT NULL CONSTRAINT service_accounts_pkey PRIMARY KEY,
  tenant_id    uuid           NOT NULL CONSTRAINT service_accounts_tenant_id_fkey REFERENCES organizations (id) ON DELETE CASCADE,
  name         text           NOT NULL,
  description  text,
  enabled      boolean        NOT NULL DEFAULT true,
  -- It outlives who made it.
  created_by   uuid           CONSTRAINT service_accounts_created_by_fkey REFERENCES users (id) ON DELETE SET NULL,
  created_at   timestamptz(3) NOT NULL,
  updated_at   timestamptz(3) NOT NULL,
  -- To the minute; of keys that are gone too.
  last_used_at timestamptz(3),
  CONSTRAINT service_accounts_name UNIQUE (tenant_id, name),
  CONSTRAINT service_accounts_texts CHECK (char_length(name) <= 100 AND char_length(description) <= 500)
);
CREATE INDEX service_accounts_of_creator ON service_accounts (created_by);
SELECT isolate_tenants('service_accounts');

CREATE TABLE api_keys (
  id                 uuid           NOT NULL CONSTRAINT api_keys_pkey PRIMARY KEY,
  tenant_id          uuid           NOT NULL CONSTRAINT api_keys_tenant_id_fkey REFERENCES organizations (id) ON DELETE CASCADE,
  user_id            uuid,
  service_account_id uuid           CONSTRAINT api_keys_service_account_id_fkey REFERENCES service_accounts (id) ON DELETE CASCADE,
  name               text           NOT NULL,
  -- The beginning of the secret, to recognise it by.
  prefix             text           NOT NULL,
  secret_hash        bytea          NOT NULL CONSTRAINT api_keys_secret_hash_key UNIQUE,
  scopes             text[]         NOT NULL,
  created_at         timestamptz(3) NOT NULL,
  expires_at         timestamptz(3),
  -- That it has expired was announced.
  expired            boolean        NOT NULL DEFAULT false,
  -- To the minute.
  last_used_at       timestamptz(3),
  last_used_ip       text,
  CONSTRAINT api_keys_membership_fkey FOREIGN KEY (user_id, tenant_id) REFERENCES memberships (user_id, tenant_id) ON DELETE CASCADE,
  CONSTRAINT api_keys_owner CHECK (num_nonnulls(user_id, service_account_id) = 1),
  CONSTRAINT api_keys_texts CHECK (char_length(name) <= 100 AND char_length(prefix) <= 20 AND char_length(last_used_ip) <= 100),
  CONSTRAINT api_keys_scopes CHECK (array_position(scopes, NULL) IS NULL AND char_length(array_to_string(scopes, '')) <= 40000),
  -- What acts for a person is always narrowed.
  CONSTRAINT api_keys_scopes_of_users CHECK (user_id IS NULL OR cardinality(scopes) > 0)
);
CREATE INDEX api_keys_of_user ON api_keys (user_id, tenant_id, created_at, id);
CREATE INDEX api_keys_of_service_account ON api_keys (service_account_id, created_at, id);
CREATE INDEX api_keys_newest ON api_keys (tenant_id, created_at, id);
CREATE INDEX api_keys_to_expire ON api_keys (expires_at) WHERE expires_at IS NOT NULL;
SELECT isolate_tenants('api_keys');

-- The key with the hash, whichever tenant is acted for, if whom it acts for may act in its organization now.
CREATE FUNCTION usable_api_key(hash bytea, at timestamptz) RETURNS SETOF api_keys LANGUAGE sql STABLE SECURITY DEFINER SET search_path = identity, pg_temp AS $$
  SELECT k.* FROM api_keys k
  JOIN organizations o ON o.id = k.tenant_id AND o.status = 'ACTIVE'
  WHERE k.secret_hash = hash AND (k.expires_at IS NULL OR k.expires_at > at) AND (
    EXISTS (SELECT FROM service_accounts s WHERE s.id = k.service_account_id AND s.enabled)
    OR EXISTS (SELECT FROM memberships m JOIN users u ON u.id = m.user_id
      WHERE m.user_id = k.user_id AND m.tenant_id = k.tenant_id AND m.status = 'ACTIVE' AND u.status = 'ACTIVE'))
$$;
REVOKE ALL ON FUNCTION usable_api_key FROM PUBLIC;
GRANT EXECUTE ON FUNCTION usable_api_key TO identity_app, identity_all_tenants;
