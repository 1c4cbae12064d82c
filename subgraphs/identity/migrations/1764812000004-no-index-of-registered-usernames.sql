-- Nothing looks registrations up by the username that was chosen: it is taken when one is confirmed.
SET LOCAL lock_timeout = '10s';
DROP INDEX registrations_username;
