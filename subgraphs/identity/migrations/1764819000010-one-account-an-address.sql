-- Accounts are global: an address and a username belong to one, in whichever organization it was made. Building the indexes takes a few seconds
-- for each million users, and lets changes wait; reading goes on.
SET LOCAL lock_timeout = '10s';
CREATE UNIQUE INDEX users_by_email ON users (email);
ALTER TABLE users DROP CONSTRAINT users_email_key, ADD CONSTRAINT users_email_key UNIQUE USING INDEX users_by_email;
CREATE UNIQUE INDEX users_by_username ON users (lower(username));
DROP INDEX users_username_key;
ALTER INDEX users_by_username RENAME TO users_username_key;
