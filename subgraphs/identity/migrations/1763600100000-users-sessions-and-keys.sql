-- Users and what they sign in with. Passwords and tokens are kept as hashes alone.

CREATE TABLE users (
  id             uuid           NOT NULL CONSTRAINT users_pkey PRIMARY KEY,
  tenant_id      uuid           NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001',
  -- Null once the user is deleted.
  email          text,
  email_verified boolean        NOT NULL DEFAULT false,
  -- Registered by whoever knew the address, and not verified yet: the next registration of the address replaces it.
  pending        boolean        NOT NULL DEFAULT false,
  -- The address before the last change, until its owner has been told.
  former_email   text,
  username       text           NOT NULL,
  first_name     text,
  last_name      text,
  locale         text,
  status         text           NOT NULL DEFAULT 'ACTIVE',
  created_at     timestamptz(3) NOT NULL,
  updated_at     timestamptz(3) NOT NULL,
  CONSTRAINT users_email_key UNIQUE (tenant_id, email),
  CONSTRAINT users_status_check CHECK (status IN ('ACTIVE', 'LOCKED', 'DELETED'))
);
CREATE UNIQUE INDEX users_username_key ON users (tenant_id, lower(username));
CREATE INDEX users_newest ON users (created_at, id);

CREATE TABLE credentials (
  user_id       uuid           NOT NULL CONSTRAINT credentials_pkey PRIMARY KEY
                               CONSTRAINT credentials_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
  tenant_id     uuid           NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001',
  password_hash text           NOT NULL,
  changed_at    timestamptz(3) NOT NULL
);

CREATE TABLE sessions (
  id           uuid           NOT NULL CONSTRAINT sessions_pkey PRIMARY KEY,
  tenant_id    uuid           NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001',
  user_id      uuid           NOT NULL CONSTRAINT sessions_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
  ip_address   text,
  user_agent   text,
  created_at   timestamptz(3) NOT NULL,
  last_used_at timestamptz(3) NOT NULL,
  expires_at   timestamptz(3) NOT NULL,
  revoked_at   timestamptz(3)
);
CREATE INDEX sessions_user_id ON sessions (user_id);

-- One row per refresh token ever issued to a session, so that a rotated one is recognised when it comes back.
CREATE TABLE refresh_tokens (
  hash               bytea          NOT NULL CONSTRAINT refresh_tokens_pkey PRIMARY KEY,
  tenant_id          uuid           NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001',
  session_id         uuid           NOT NULL CONSTRAINT refresh_tokens_session_id_fkey REFERENCES sessions (id) ON DELETE CASCADE,
  expires_at         timestamptz(3) NOT NULL,
  rotated_at         timestamptz(3),
  rotated_ip_address text,
  rotated_user_agent text,
  -- The token that replaced this one, encrypted under this one: only who holds the old token can read it.
  successor          bytea
);
CREATE INDEX refresh_tokens_session_id ON refresh_tokens (session_id);

CREATE TABLE one_time_tokens (
  hash       bytea          NOT NULL CONSTRAINT one_time_tokens_pkey PRIMARY KEY,
  tenant_id  uuid           NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001',
  user_id    uuid           NOT NULL CONSTRAINT one_time_tokens_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
  purpose    text           NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  CONSTRAINT one_time_tokens_purpose_check CHECK (purpose IN ('VERIFY_EMAIL', 'SET_PASSWORD'))
);
CREATE INDEX one_time_tokens_user_id ON one_time_tokens (user_id);

-- The platform's own keys; they belong to no tenant.
CREATE TABLE signing_keys (
  kid         text           NOT NULL CONSTRAINT signing_keys_pkey PRIMARY KEY,
  algorithm   text           NOT NULL,
  public_jwk  jsonb          NOT NULL,
  -- AES-256-GCM under identity.keyEncryptionSecret.
  private_key bytea          NOT NULL,
  created_at  timestamptz(3) NOT NULL,
  -- From then on the key signs nothing and is not published.
  retired_at  timestamptz(3)
);
