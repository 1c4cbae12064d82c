-- What was done under a client's idempotency key, noted in the transaction that did it. Neither the key nor the variables are here:
-- key, step, owner and operation are hashes, the last one made with the key.
CREATE TABLE idempotency_keys (
  key        bytea       NOT NULL,
  -- One transaction of one root field.
  step       bytea       NOT NULL,
  owner      bytea       NOT NULL,
  operation  bytea       NOT NULL,
  -- What the transaction came to; entities by their keys. Null only within the transaction.
  result     jsonb,
  -- Whether what follows the commit is known to have happened.
  settled    boolean     NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT idempotency_keys_pkey PRIMARY KEY (key, step),
  CONSTRAINT idempotency_keys_hashes CHECK (octet_length(key) = 32 AND octet_length(step) = 32 AND octet_length(owner) = 32 AND octet_length(operation) = 32),
  CONSTRAINT idempotency_keys_result CHECK (octet_length(result::text) <= 65536)
);
CREATE INDEX idempotency_keys_of_owner ON idempotency_keys (owner, created_at);
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (created_at);
