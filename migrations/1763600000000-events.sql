-- What every schema needs to send and to receive domain events.

CREATE TABLE outbox (
  position     bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id     uuid        NOT NULL UNIQUE,
  type         text        NOT NULL,
  subject      text        NOT NULL,
  envelope     jsonb       NOT NULL,
  -- Rows of transactions that may still be open before this one are not relayed yet (see the relay).
  written_by   xid8        NOT NULL DEFAULT pg_current_xact_id(),
  created_at   timestamptz NOT NULL DEFAULT now(),
  published_at timestamptz
);
CREATE INDEX outbox_waiting ON outbox (position) WHERE published_at IS NULL;
CREATE INDEX outbox_published ON outbox (published_at) WHERE published_at IS NOT NULL;

CREATE TABLE inbox (
  event_id    uuid        NOT NULL,
  handler     text        NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (event_id, handler)
);

CREATE TABLE dead_letter (
  event_id  uuid        NOT NULL,
  handler   text        NOT NULL,
  envelope  jsonb       NOT NULL,
  reason    text        NOT NULL,
  failed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (event_id, handler)
);
