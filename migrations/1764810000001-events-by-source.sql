-- Ids of events are unique within their source (CloudEvents): another module's event with the same id is another event.
-- A note from before names no source, and stands for every one. Handlers of events wait while the key is made anew, some seconds
-- for each million notes; nobody else touches the table.
ALTER TABLE inbox ADD COLUMN source text NOT NULL DEFAULT '';
ALTER TABLE inbox DROP CONSTRAINT inbox_pkey, ADD CONSTRAINT inbox_pkey PRIMARY KEY (event_id, handler, source);

ALTER TABLE dead_letter ADD COLUMN source text NOT NULL DEFAULT '';
UPDATE dead_letter SET source = coalesce(envelope->>'source', '');
ALTER TABLE dead_letter DROP CONSTRAINT dead_letter_pkey, ADD CONSTRAINT dead_letter_pkey PRIMARY KEY (event_id, handler, source);
