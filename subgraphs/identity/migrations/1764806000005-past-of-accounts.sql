-- What an account's past says about whose its password is: whether an administrator made the account, so that a mailed invitation set the
-- password, and whether an address of it was verified before, whatever address it has now.
SET LOCAL lock_timeout = '10s';
ALTER TABLE users
  ADD COLUMN invited boolean NOT NULL DEFAULT false,
  ADD COLUMN ever_verified boolean NOT NULL DEFAULT false;
