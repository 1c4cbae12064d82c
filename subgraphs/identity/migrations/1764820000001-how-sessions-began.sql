-- How the user of a session was authenticated, and when last; when a session of a user last began. Sessions that go on began by a password,
-- and so do those of processes of the version before.
SET LOCAL lock_timeout = '10s';
ALTER TABLE sessions ADD COLUMN methods text[] NOT NULL DEFAULT '{PASSWORD}', ADD COLUMN authenticated_at timestamptz(3);
UPDATE sessions SET authenticated_at = created_at;
ALTER TABLE sessions ALTER COLUMN authenticated_at SET NOT NULL, ALTER COLUMN authenticated_at SET DEFAULT now(),
  ADD CONSTRAINT sessions_methods CHECK (
    methods <@ '{PASSWORD,TOTP,RECOVERY_CODE,PASSKEY,EXTERNAL,SSO,EMAIL_LINK,IMPERSONATION}' AND array_position(methods, NULL) IS NULL
      AND char_length(array_to_string(methods, ',')) <= 200
  );
ALTER TABLE users ADD COLUMN last_login_at timestamptz(3);
