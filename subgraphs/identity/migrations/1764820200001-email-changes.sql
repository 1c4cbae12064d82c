-- Changes of an account's own address: asked for, confirmed by the new address, and reverted by the old one for as long as that is reserved.
SET LOCAL lock_timeout = '10s';

CREATE TABLE email_changes (
  id           uuid           NOT NULL CONSTRAINT email_changes_pkey PRIMARY KEY,
  tenant_id    uuid           NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001',
  user_id      uuid           NOT NULL CONSTRAINT email_changes_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
  -- Normalised.
  old_email    text           NOT NULL,
  new_email    text           NOT NULL,
  -- SHA-256 of the secret in the link that was mailed last: it confirms the change, and once that has happened reverts it.
  token_hash   bytea          CONSTRAINT email_changes_token_hash_key UNIQUE,
  requested_at timestamptz(3) NOT NULL,
  -- Null until the new address is the account's.
  confirmed_at timestamptz(3),
  -- Until then the change can be confirmed; a confirmed one can be reverted, and its old address is reserved.
  expires_at   timestamptz(3) NOT NULL,
  CONSTRAINT email_changes_texts CHECK (char_length(old_email) <= 254 AND char_length(new_email) <= 254)
);
-- A user has one change that waits.
CREATE UNIQUE INDEX email_changes_pending ON email_changes (user_id) WHERE confirmed_at IS NULL;
CREATE INDEX email_changes_user_id ON email_changes (user_id);
CREATE INDEX email_changes_old_email ON email_changes (old_email);
CREATE INDEX email_changes_by_expiry ON email_changes (expires_at);

-- An address that its owner can take back is nobody else's, whichever way an account would get it. The check comes after the row is written, when
-- whoever has just left the address has committed; the time is that of the process, which `updated_at` has.
CREATE FUNCTION reserved_addresses_stay() RETURNS trigger LANGUAGE plpgsql SET search_path = identity, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM email_changes
      WHERE old_email = NEW.email AND user_id <> NEW.id AND confirmed_at IS NOT NULL AND expires_at > NEW.updated_at) THEN
    RAISE unique_violation USING MESSAGE = 'The address is reserved', CONSTRAINT = 'users_email_key';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER reserve_address AFTER INSERT ON users FOR EACH ROW WHEN (NEW.email IS NOT NULL) EXECUTE FUNCTION reserved_addresses_stay();
CREATE TRIGGER reserve_address_later AFTER UPDATE OF email ON users FOR EACH ROW
  WHEN (NEW.email IS NOT NULL AND NEW.email IS DISTINCT FROM OLD.email) EXECUTE FUNCTION reserved_addresses_stay();
