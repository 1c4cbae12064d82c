-- What is searched is given to the functions that find and count users. They make the condition themselves, by users_with. Those that were given a
-- condition stay beside them: processes of the version before still ask them while they are replaced.

-- The ids of the `most` users that match and come first after a place in the list, newest first; the last ones before a place when `backward`.
CREATE FUNCTION matching_users(search text, with_status text, verified boolean, created_after timestamptz, created_before timestamptz,
  after_time timestamptz, after_id uuid, before_time timestamptz, before_id uuid, backward boolean, most integer)
RETURNS uuid[] LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
DECLARE
  newest timestamptz := least(after_time, created_before, (SELECT created_at FROM users ORDER BY created_at DESC, id DESC LIMIT 1));
  oldest timestamptz := greatest(before_time, created_after, (SELECT created_at FROM users ORDER BY created_at, id LIMIT 1));
BEGIN
  RETURN nearest_rows(users_with(search, with_status, verified)
    || coalesce(' AND created_at > ' || quote_literal(created_after), '') || coalesce(' AND created_at < ' || quote_literal(created_before), '')
    || coalesce(' AND (created_at, id) < (' || quote_literal(after_time) || ',' || quote_literal(after_id) || ')', '')
    || coalesce(' AND (created_at, id) > (' || quote_literal(before_time) || ',' || quote_literal(before_id) || ')', ''),
    'created_at', CASE WHEN backward THEN oldest ELSE newest END, CASE WHEN backward THEN newest ELSE oldest END, backward, most);
END $$;

-- How many users match, as far as they are counted.
CREATE FUNCTION number_of_users(search text, with_status text, verified boolean, created_after timestamptz, created_before timestamptz, most integer)
RETURNS integer LANGUAGE plpgsql STABLE SET search_path FROM CURRENT SET enable_seqscan = off SET enable_indexscan = off AS $$
DECLARE
  number integer;
BEGIN
  EXECUTE format('SELECT count(*) FROM (SELECT FROM %s%s%s LIMIT $1) AS counted', users_with(search, with_status, verified),
    ' AND created_at > ' || quote_literal(created_after), ' AND created_at < ' || quote_literal(created_before)) INTO number USING most;
  RETURN number;
END $$;
