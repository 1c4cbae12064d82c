-- Mails that are due: each is an event and the rule by which its mail leaves. What the mail says, with its secrets, is made when it leaves.
CREATE TABLE mail_queue (
  event_id   uuid        NOT NULL,
  handler    text        NOT NULL,
  envelope   jsonb       NOT NULL,
  attempts   integer     NOT NULL DEFAULT 0,
  last_error text,
  queued_at  timestamptz NOT NULL DEFAULT now(),
  due_at     timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT mail_queue_pkey PRIMARY KEY (event_id, handler)
);
CREATE INDEX mail_queue_due ON mail_queue (due_at);
