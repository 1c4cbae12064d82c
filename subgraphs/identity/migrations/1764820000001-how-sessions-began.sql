-- How the user of a session was authenticated, and when last. Sessions that go on began by a password.
SET LOCAL lock_timeout = '10s';
ALTER TABLE sessions ADD COLUMN methods text[] NOT NULL DEFAULT '{PASSWORD}', ADD COLUMN authenticated_at timestamptz(3);
UPDATE sessions SET authenticated_at = created_at;
ALTER TABLE sessions ALTER COLUMN methods DROP DEFAULT, ALTER COLUMN authenticated_at SET NOT NULL,
  ADD CONSTRAINT sessions_methods CHECK (
    methods <@ '{PASSWORD,TOTP,RECOVERY_CODE,PASSKEY,EXTERNAL,SSO,EMAIL_LINK,IMPERSONATION}' AND array_position(methods, NULL) IS NULL
  );
