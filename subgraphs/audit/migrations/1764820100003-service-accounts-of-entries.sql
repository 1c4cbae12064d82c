-- The service account that acted; null for people, and in every older entry. It is part of what is hashed where there is one.
SET LOCAL lock_timeout = '10s';
ALTER TABLE audit_entry ADD COLUMN service_account_id uuid;
