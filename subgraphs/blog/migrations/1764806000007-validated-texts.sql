-- Looks at the rows from before without keeping anybody from reading or writing.
ALTER TABLE post VALIDATE CONSTRAINT post_texts;
ALTER TABLE comment VALIDATE CONSTRAINT comment_texts;
