-- Entries arrive about in the order of their occurrence, so the least and the most of each range of pages find as well as a tree of all of them does.
-- More than one interval a range: an entry that tells of long ago does not spoil it.
DROP INDEX audit_entry_occurred;
CREATE INDEX audit_entry_occurred ON audit_entry USING brin (occurred_at timestamptz_minmax_multi_ops) WITH (autosummarize = on);

-- As before, looking at what was added once.
CREATE OR REPLACE FUNCTION refuse_forged_positions() RETURNS trigger LANGUAGE plpgsql
  SET search_path = audit, pg_temp AS $$
DECLARE
  given record;
  last record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('audit.log'));
  SELECT count(*) AS number, min(sequence) AS first, max(sequence) AS final, min(recorded_at) AS earliest, max(recorded_at) AS latest,
         bool_and(follows) AS whole
    INTO given
    FROM (SELECT sequence, recorded_at,
                 sequence = lag(sequence, 1, sequence - 1) OVER rising + 1 AND recorded_at >= lag(recorded_at, 1, recorded_at) OVER rising AS follows
            FROM added WINDOW rising AS (ORDER BY sequence)) AS steps;
  IF given.number = 0 THEN
    RETURN NULL;
  END IF;
  SELECT entry.sequence, entry.recorded_at INTO last
    FROM audit_entry AS entry WHERE entry.sequence < given.first ORDER BY entry.sequence DESC LIMIT 1;
  IF given.first IS DISTINCT FROM greatest(last.sequence + 1, (SELECT max(tree_size) FROM checkpoint), 0)
    OR NOT given.whole
    OR (SELECT count(*) FROM audit_entry AS entry WHERE entry.sequence BETWEEN given.first AND given.final) <> given.number
    OR (SELECT max(sequence) FROM audit_entry) <> given.final
    OR given.earliest < greatest(last.recorded_at, date_trunc('milliseconds', transaction_timestamp()))
    OR given.latest > greatest(last.recorded_at, date_trunc('milliseconds', clock_timestamp()))
  THEN
    RAISE EXCEPTION 'The log sets sequence and time itself: take them from next_position()' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
