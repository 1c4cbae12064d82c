-- As for the inbox: an event is known by its source and its id. The queue is short.
ALTER TABLE mail_queue ADD COLUMN source text NOT NULL DEFAULT '';
ALTER TABLE mail_queue DROP CONSTRAINT mail_queue_pkey, ADD CONSTRAINT mail_queue_pkey PRIMARY KEY (event_id, handler, source);
