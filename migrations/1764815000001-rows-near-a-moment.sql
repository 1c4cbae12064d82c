-- The spans of time that a moment lies in: of 64 seconds, and each 32 times as long as the one before, up to 68 years. An index of words that
-- has these too finds the words of a span without the rows of others.
CREATE FUNCTION spans_of(moment timestamptz) RETURNS bigint[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_agg((level::bigint << 48) + (floor(extract(epoch FROM moment))::bigint >> (6 + 5 * level))) FROM generate_series(0, 5) AS level
$$;

-- The ids of the `most` rows before or after a moment that are nearest to it, however many there are further off; none beyond `bound`. `matching`
-- is a table with conditions that an index knows together with spans_of(moment), such as "post WHERE search @@ …"; values in it are quoted.
-- Spans are looked at from the moment on, each further one longer. One that has too many rows is parted, so that only a few times `most` are read.
-- Only bitmaps of an index read no more than a span: any other plan reads rows in an order in which those that match may come last.
CREATE FUNCTION nearest_rows(matching text, moment text, origin timestamptz, bound timestamptz, later boolean, most integer) RETURNS uuid[]
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off AS $$
DECLARE
  most_read  CONSTANT integer := 2 * most + 200;
  from_span  CONSTANT bigint := floor(extract(epoch FROM origin))::bigint >> 6;
  until_span CONSTANT bigint := floor(extract(epoch FROM bound))::bigint >> 6;
  levels     integer[] := '{}';
  firsts     bigint[]  := '{}';
  lasts      bigint[]  := '{}';
  level      integer;
  first      bigint;
  last       bigint;
  step       bigint;
  waiting    integer;
  number     integer;
  spans      bigint[];
  found      integer := 0;
  looked_at  bigint[] := '{}';
  ids        uuid[];
BEGIN
  IF origin IS NULL THEN RETURN '{}'; END IF;
  -- What is nearest comes last, from where it is taken.
  FOR level IN REVERSE 5..0 LOOP
    first := from_span >> (5 * level);
    last := first;
    IF later THEN
      last := CASE WHEN level = 5 THEN first + 32 ELSE first | 31 END;
      IF level > 0 THEN first := first + 1; END IF;
    ELSE
      first := CASE WHEN level = 5 THEN last - 32 ELSE (last >> 5) << 5 END;
      IF level > 0 THEN last := last - 1; END IF;
    END IF;
    levels := levels || level;
    firsts := firsts || first;
    lasts := lasts || last;
  END LOOP;

  WHILE found < most AND cardinality(levels) > 0 LOOP
    waiting := cardinality(levels);
    level := levels[waiting];
    first := firsts[waiting];
    last := lasts[waiting];
    levels := levels[:waiting - 1];
    firsts := firsts[:waiting - 1];
    lasts := lasts[:waiting - 1];
    CONTINUE WHEN first > last;
    EXIT WHEN CASE WHEN later THEN first > until_span >> (5 * level) ELSE last < until_span >> (5 * level) END;

    spans := ARRAY(SELECT (level::bigint << 48) + span FROM generate_series(first, last) AS span);
    EXECUTE format('SELECT count(*) FROM (SELECT FROM %s AND spans_of(%I) && $1 LIMIT $2) AS counted', matching, moment)
      INTO number USING spans, most_read + 1;
    IF number <= most_read OR (level = 0 AND first = last) THEN
      found := found + number;
      IF number > 0 THEN looked_at := looked_at || spans; END IF;
      CONTINUE;
    END IF;
    IF first = last THEN
      level := level - 1;
      first := first << 5;
      last := first | 31;
    END IF;
    step := (last - first) / 8 + 1;
    levels := levels || ARRAY(SELECT level FROM generate_series(first, last, step));
    firsts := firsts || ARRAY(SELECT part FROM generate_series(first, last, step) AS part ORDER BY CASE WHEN later THEN -part ELSE part END);
    lasts := lasts
      || ARRAY(SELECT least(part + step - 1, last) FROM generate_series(first, last, step) AS part ORDER BY CASE WHEN later THEN -part ELSE part END);
  END LOOP;

  EXECUTE format('SELECT array_agg(id) FROM (SELECT id FROM %s AND spans_of(%I) && $1 ORDER BY %2$I %3$s, id %3$s LIMIT $2) AS nearest',
    matching, moment, CASE WHEN later THEN 'ASC' ELSE 'DESC' END) INTO ids USING looked_at, most;
  RETURN coalesce(ids, '{}');
END $$;
