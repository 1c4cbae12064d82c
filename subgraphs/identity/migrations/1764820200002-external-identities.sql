-- Accounts at external providers that users sign in with, and sign-ins at a provider that are under way.
CREATE TABLE external_identities (
  id           uuid           NOT NULL CONSTRAINT external_identities_pkey PRIMARY KEY,
  tenant_id    uuid           NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001',
  user_id      uuid           NOT NULL CONSTRAINT external_identities_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
  -- Its key in the configuration.
  provider     text           NOT NULL,
  -- Who says so, and of whom: a provider may speak for several issuers.
  issuer       text           NOT NULL,
  subject      text           NOT NULL,
  -- As the provider last reported it; nobody is found by it.
  email        text,
  linked_at    timestamptz(3) NOT NULL,
  last_used_at timestamptz(3),
  CONSTRAINT external_identities_subject_key UNIQUE (provider, issuer, subject),
  CONSTRAINT external_identities_user_key UNIQUE (user_id, provider),
  CONSTRAINT external_identities_texts CHECK (char_length(provider) <= 40 AND char_length(issuer) <= 500
    AND char_length(subject) <= 255 AND char_length(email) <= 254)
);

CREATE TABLE external_logins (
  id             uuid           NOT NULL CONSTRAINT external_logins_pkey PRIMARY KEY,
  tenant_id      uuid           NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001',
  provider       text           NOT NULL,
  -- Who wants to link the account; null for a login.
  user_id        uuid           CONSTRAINT external_logins_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
  -- SHA-256 of the state that the provider gives back.
  state_hash     bytea          NOT NULL CONSTRAINT external_logins_state_hash_key UNIQUE,
  -- Base64url SHA-256 of the verifier that stays in the browser which began.
  code_challenge text           NOT NULL,
  -- A path of the application.
  return_to      text,
  created_at     timestamptz(3) NOT NULL,
  expires_at     timestamptz(3) NOT NULL,
  -- When the browser came back from the provider: once.
  claimed_at     timestamptz(3),
  -- SHA-256 of the code that the browser finishes with, and what the provider said; null before.
  code_hash      bytea          CONSTRAINT external_logins_code_hash_key UNIQUE,
  issuer         text,
  subject        text,
  email          text,
  email_verified boolean        NOT NULL DEFAULT false,
  authoritative  boolean        NOT NULL DEFAULT false,
  first_name     text,
  last_name      text,
  locale         text,
  CONSTRAINT external_logins_texts CHECK (char_length(provider) <= 40 AND char_length(code_challenge) <= 43
    AND char_length(return_to) <= 2000 AND char_length(issuer) <= 500 AND char_length(subject) <= 255
    AND char_length(email) <= 254 AND char_length(first_name) <= 100 AND char_length(last_name) <= 100 AND char_length(locale) <= 35)
);
CREATE INDEX external_logins_user_id ON external_logins (user_id);
CREATE INDEX external_logins_by_expiry ON external_logins (expires_at);
