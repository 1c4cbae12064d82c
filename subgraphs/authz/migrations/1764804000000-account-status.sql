-- Whether identity lets a user sign in, as it said last: null until it has been asked. What is deleted has deleted_at.
ALTER TABLE subjects ADD COLUMN account_status text
  CONSTRAINT subjects_account_status_check CHECK (account_status IN ('ACTIVE', 'LOCKED'));
