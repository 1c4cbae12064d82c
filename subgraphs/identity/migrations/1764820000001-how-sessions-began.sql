-- How the user of a session was authenticated, and when last; when a session of a user last began. Sessions that go on began by a password,
-- and so do those of processes of the version before. They count as if proved now: no row is written anew, however many there are.
SET LOCAL lock_timeout = '10s';
ALTER TABLE sessions ADD COLUMN methods text[] NOT NULL DEFAULT '{PASSWORD}', ADD COLUMN authenticated_at timestamptz(3) NOT NULL DEFAULT now();
ALTER TABLE sessions
  ADD CONSTRAINT sessions_methods CHECK (
    methods <@ '{PASSWORD,TOTP,RECOVERY_CODE,PASSKEY,EXTERNAL,SSO,EMAIL_LINK,IMPERSONATION}' AND array_position(methods, NULL) IS NULL
      AND char_length(array_to_string(methods, ',')) <= 200
  );
ALTER TABLE users ADD COLUMN last_login_at timestamptz(3);
