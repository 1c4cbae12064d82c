-- Every registration of an address is its own: a mailed link confirms the names and the password of the registration that it
-- was mailed for. Until one is confirmed, the user's row holds the address alone.
CREATE TABLE registrations (
  id            uuid           NOT NULL CONSTRAINT registrations_pkey PRIMARY KEY,
  tenant_id     uuid           NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001',
  user_id       uuid           NOT NULL CONSTRAINT registrations_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
  -- Null: a random one.
  username      text,
  first_name    text,
  last_name     text,
  locale        text,
  password_hash text           NOT NULL,
  created_at    timestamptz(3) NOT NULL
);
CREATE INDEX registrations_user_id ON registrations (user_id, created_at);
CREATE INDEX registrations_username ON registrations (lower(username));

INSERT INTO registrations (id, tenant_id, user_id, username, first_name, last_name, locale, password_hash, created_at)
  SELECT gen_random_uuid(), users.tenant_id, users.id, username, first_name, last_name, locale, password_hash, created_at
  FROM users JOIN credentials ON user_id = users.id WHERE pending;
DELETE FROM credentials USING users WHERE user_id = users.id AND pending;
-- 80 random bits: usernames are unique, and there may be many.
UPDATE users SET username = 'user-' || substr(md5(gen_random_uuid()::text), 1, 20), first_name = NULL, last_name = NULL, locale = NULL
  WHERE pending;

-- A link is good for the address that it was mailed to, and for the registration that it was mailed for.
ALTER TABLE one_time_tokens
  ADD COLUMN email text,
  ADD COLUMN registration_id uuid CONSTRAINT one_time_tokens_registration_id_fkey REFERENCES registrations (id) ON DELETE CASCADE,
  DROP CONSTRAINT one_time_tokens_purpose_check,
  ADD CONSTRAINT one_time_tokens_purpose_check CHECK (purpose IN ('VERIFY_EMAIL', 'SET_PASSWORD', 'ACCEPT_INVITATION'));
UPDATE one_time_tokens SET email = users.email FROM users WHERE users.id = user_id;
UPDATE one_time_tokens token SET registration_id = registrations.id FROM registrations
  WHERE registrations.user_id = token.user_id AND purpose = 'VERIFY_EMAIL';
DELETE FROM one_time_tokens WHERE email IS NULL;
ALTER TABLE one_time_tokens ALTER COLUMN email SET NOT NULL;
CREATE INDEX one_time_tokens_registration_id ON one_time_tokens (registration_id);
