-- What the kinds of text let through holds in the database as well. Language tags had no bound.
UPDATE users SET locale = NULL WHERE char_length(locale) > 35;
UPDATE registrations SET locale = NULL WHERE char_length(locale) > 35;
UPDATE sessions SET ip_address = left(ip_address, 100) WHERE char_length(ip_address) > 100;
UPDATE refresh_tokens SET rotated_ip_address = left(rotated_ip_address, 100) WHERE char_length(rotated_ip_address) > 100;

-- Rows that are there are looked at later, while the tables are written to. The lock for that is not waited for for long: others wait behind.
SET LOCAL lock_timeout = '10s';
ALTER TABLE users ADD CONSTRAINT users_texts CHECK (char_length(email) <= 254 AND char_length(former_email) <= 254
  AND char_length(username) <= 50 AND char_length(first_name) <= 100 AND char_length(last_name) <= 100 AND char_length(locale) <= 35) NOT VALID;
ALTER TABLE registrations ADD CONSTRAINT registrations_texts CHECK (char_length(username) <= 50 AND char_length(password_hash) <= 500
  AND char_length(first_name) <= 100 AND char_length(last_name) <= 100 AND char_length(locale) <= 35) NOT VALID;
ALTER TABLE sessions ADD CONSTRAINT sessions_texts CHECK (char_length(ip_address) <= 100 AND char_length(user_agent) <= 512) NOT VALID;
ALTER TABLE refresh_tokens ADD CONSTRAINT refresh_tokens_texts
  CHECK (char_length(rotated_ip_address) <= 100 AND char_length(rotated_user_agent) <= 512) NOT VALID;
ALTER TABLE one_time_tokens ADD CONSTRAINT one_time_tokens_texts CHECK (char_length(email) <= 254) NOT VALID;
