-- Finds entries of a time without walking the whole log. Both indexes are partial and small. Building them reads every partition once, under a lock
-- that lets readers go on and appends wait: about a second for each million entries.

-- Entries that are dated otherwise than about when they were recorded, such as those of a backlog.
CREATE INDEX audit_entry_misdated ON audit_entry (occurred_at, sequence, recorded_at)
  WHERE recorded_at - occurred_at > interval '24 hours' OR recorded_at - occurred_at < interval '-24 hours';

CREATE INDEX audit_entry_unsuccessful ON audit_entry (outcome, sequence) WHERE outcome <> 'SUCCESS';

-- The position of the first entry that was recorded at the moment or later, by halving what the month has: positions and times of recording
-- have the same order.
CREATE FUNCTION position_at(moment timestamptz) RETURNS bigint LANGUAGE plpgsql STABLE
  SET search_path = audit, pg_temp AS $$
DECLARE
  month timestamptz := date_trunc('month', moment, 'UTC');
  following timestamptz := date_trunc('month', moment AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC';
  low bigint;
  high bigint;
  middle bigint;
  found timestamptz;
BEGIN
  SELECT min(sequence), max(sequence) + 1 INTO low, high FROM audit_entry WHERE recorded_at >= month AND recorded_at < following;
  WHILE low < high LOOP
    middle := (low + high) / 2;
    SELECT recorded_at INTO found FROM audit_entry
      WHERE sequence >= middle AND recorded_at >= month AND recorded_at < following ORDER BY sequence LIMIT 1;
    IF found >= moment THEN
      high := middle;
    ELSE
      low := middle + 1;
    END IF;
  END LOOP;
  RETURN coalesce(low, (SELECT min(sequence) FROM audit_entry WHERE recorded_at >= following), 9223372036854775807);
END $$;

-- Between which positions, and moments of recording, entries lie that occurred from a moment on and before another one; either may be null.
CREATE FUNCTION span_of(occurred_from timestamptz, occurred_before timestamptz,
    OUT first bigint, OUT beyond bigint, OUT earliest timestamptz, OUT latest timestamptz) LANGUAGE plpgsql STABLE
  SET search_path = audit, pg_temp AS $$
DECLARE
  misdated record;
BEGIN
  earliest := coalesce(occurred_from - interval '24 hours', '-infinity');
  latest := coalesce(occurred_before + interval '24 hours', 'infinity');
  first := CASE WHEN occurred_from IS NULL THEN 0 ELSE position_at(earliest) END;
  beyond := CASE WHEN occurred_before IS NULL THEN 9223372036854775807 ELSE position_at(latest + interval '1 millisecond') END;
  SELECT min(sequence) AS first, max(sequence) + 1 AS beyond, min(recorded_at) AS earliest, max(recorded_at) AS latest INTO misdated
    FROM audit_entry
    WHERE (recorded_at - occurred_at > interval '24 hours' OR recorded_at - occurred_at < interval '-24 hours')
      AND occurred_at >= coalesce(occurred_from, '-infinity') AND occurred_at < coalesce(occurred_before, 'infinity');
  first := least(first, misdated.first);
  beyond := greatest(beyond, misdated.beyond);
  earliest := least(earliest, misdated.earliest);
  latest := greatest(latest, misdated.latest);
END $$;
