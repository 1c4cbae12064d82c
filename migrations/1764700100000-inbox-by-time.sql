-- Old notes are found by time to be cleared; they come in about that order.
CREATE INDEX inbox_received ON inbox USING brin (received_at);
