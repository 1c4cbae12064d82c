-- What the kinds of text let through holds in the database as well.
-- Rows that are there are looked at later, while the tables are written to. The lock for that is not waited for for long: others wait behind.
SET LOCAL lock_timeout = '10s';
ALTER TABLE post ADD CONSTRAINT post_texts CHECK (char_length(title) <= 200 AND char_length(content) <= 100000
  AND char_length(slug) <= 120 AND cardinality(tags) <= 10 AND char_length(array_to_string(tags, '')) <= 500
  AND char_length(cover_file) <= 100) NOT VALID;
ALTER TABLE comment ADD CONSTRAINT comment_texts CHECK (char_length(body) <= 5000) NOT VALID;
