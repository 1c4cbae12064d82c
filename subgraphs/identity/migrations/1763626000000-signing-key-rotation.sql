-- A key is published from its creation, signs from signs_from until a newer one does, and verifies until retired_at.
ALTER TABLE signing_keys ADD COLUMN signs_from timestamptz(3);
UPDATE signing_keys SET signs_from = created_at;
ALTER TABLE signing_keys ALTER COLUMN signs_from SET NOT NULL;
CREATE INDEX signing_keys_signs_from ON signing_keys (algorithm, signs_from);
