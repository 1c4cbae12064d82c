-- Looks at the rows from before without keeping anybody from reading or writing.
ALTER TABLE post VALIDATE CONSTRAINT post_tags_without_null;
