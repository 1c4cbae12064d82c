-- What expires is found by its time, and accounts that wait for their verification by theirs.
SET LOCAL lock_timeout = '10s';
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
CREATE INDEX one_time_tokens_by_expiry ON one_time_tokens (expires_at);
CREATE INDEX users_pending ON users (created_at) WHERE pending;
