-- What an entry may say, in the database as well. Entries that are there are not looked at: nothing may change them.
ALTER TABLE audit_entry ADD CONSTRAINT audit_entry_texts CHECK (char_length(actor_id) <= 200 AND char_length(action) <= 200
  AND char_length(resource) <= 200 AND char_length(resource_id) <= 200 AND char_length(ip_address) <= 16384
  AND char_length(user_agent) <= 16384 AND char_length(request_id) <= 16384 AND char_length(trace_id) <= 16384) NOT VALID;
ALTER TABLE export_job ADD CONSTRAINT export_job_texts CHECK (char_length(asked_by) <= 200 AND char_length(criteria::text) <= 5000) NOT VALID;
ALTER TABLE subject_key ADD CONSTRAINT subject_key_texts CHECK (char_length(subject) <= 200) NOT VALID;
