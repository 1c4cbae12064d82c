-- Second factors: an authenticator app, recovery codes and passkeys, and the challenges that ask for them.
CREATE TABLE totp_factors (
  user_id      uuid           NOT NULL CONSTRAINT totp_factors_pkey PRIMARY KEY CONSTRAINT totp_factors_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
  tenant_id    uuid           NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001',
  -- Encrypted.
  secret       bytea          NOT NULL,
  -- The time step of the last code that was accepted: no code works twice.
  last_step    bigint         NOT NULL DEFAULT 0,
  created_at   timestamptz(3) NOT NULL,
  -- Null until the first code has shown that the authenticator has the secret.
  confirmed_at timestamptz(3)
);

CREATE TABLE recovery_codes (
  user_id   uuid           NOT NULL CONSTRAINT recovery_codes_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
  -- Keyed, so that nobody finds the code who has the table alone.
  hash      bytea          NOT NULL,
  tenant_id uuid           NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001',
  used_at   timestamptz(3),
  CONSTRAINT recovery_codes_pkey PRIMARY KEY (user_id, hash)
);

CREATE TABLE passkeys (
  id            uuid           NOT NULL CONSTRAINT passkeys_pkey PRIMARY KEY,
  tenant_id     uuid           NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001',
  user_id       uuid           NOT NULL CONSTRAINT passkeys_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
  credential_id bytea          NOT NULL CONSTRAINT passkeys_credential_id_key UNIQUE,
  public_key    bytea          NOT NULL,
  counter       bigint         NOT NULL,
  transports    text[]         NOT NULL,
  synced        boolean        NOT NULL,
  name          text           NOT NULL,
  created_at    timestamptz(3) NOT NULL,
  last_used_at  timestamptz(3),
  CONSTRAINT passkeys_texts CHECK (char_length(name) <= 100 AND octet_length(credential_id) <= 1023 AND octet_length(public_key) <= 4096),
  CONSTRAINT passkeys_transports CHECK (char_length(array_to_string(transports, ',')) <= 330 AND array_position(transports, NULL) IS NULL)
);
CREATE INDEX passkeys_of_user ON passkeys (user_id, created_at);

CREATE TABLE challenges (
  hash          bytea          NOT NULL CONSTRAINT challenges_pkey PRIMARY KEY,
  tenant_id     uuid           NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001',
  purpose       text           NOT NULL,
  -- Whom it asks; null when anybody may answer.
  user_id       uuid           CONSTRAINT challenges_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
  -- The session that it belongs to.
  session_id    uuid           CONSTRAINT challenges_session_id_fkey REFERENCES sessions (id) ON DELETE CASCADE,
  -- What an authenticator signs; null when none is asked.
  signed        text,
  -- How the user was authenticated before.
  methods       text[]         NOT NULL,
  attempts_left integer        NOT NULL,
  expires_at    timestamptz(3) NOT NULL,
  CONSTRAINT challenges_purpose_check CHECK (purpose IN ('SECOND_FACTOR', 'PASSKEY_LOGIN', 'PASSKEY_REGISTRATION', 'REAUTHENTICATION')),
  CONSTRAINT challenges_texts CHECK (char_length(signed) <= 100),
  CONSTRAINT challenges_methods CHECK (
    methods <@ '{PASSWORD,TOTP,RECOVERY_CODE,PASSKEY,EXTERNAL,SSO,EMAIL_LINK,IMPERSONATION}' AND array_position(methods, NULL) IS NULL
      AND char_length(array_to_string(methods, ',')) <= 200
  )
);
CREATE INDEX challenges_of_user ON challenges (user_id);
CREATE INDEX challenges_of_session ON challenges (session_id);
CREATE INDEX challenges_by_expiry ON challenges (expires_at);
