-- Users are looked up by address or name alone. With these columns first that is one probe of the index, also where PostgreSQL cannot skip
-- through the tenants. Building both waits for nobody who reads, and lets changes wait for about a second for each million users.
SET LOCAL lock_timeout = '10s';
CREATE UNIQUE INDEX users_by_email ON users (email, tenant_id);
ALTER TABLE users DROP CONSTRAINT users_email_key, ADD CONSTRAINT users_email_key UNIQUE USING INDEX users_by_email;
CREATE UNIQUE INDEX users_by_username ON users (lower(username), tenant_id);
DROP INDEX users_username_key;
ALTER INDEX users_by_username RENAME TO users_username_key;
