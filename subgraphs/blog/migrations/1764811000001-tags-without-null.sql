-- Lists of posts promise that no tag is null: one row that breaks the promise would break every list with it.
UPDATE post SET tags = array_remove(tags, NULL) WHERE array_position(tags, NULL) IS NOT NULL;
ALTER TABLE post ADD CONSTRAINT post_tags_without_null CHECK (array_position(tags, NULL) IS NULL) NOT VALID;
