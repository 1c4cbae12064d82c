-- Every character of a folded text, and every two that stand side by side: what an index needs to find any part of it, however short.
CREATE FUNCTION fragments(value text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT signs || ARRAY(SELECT signs[place] || signs[place + 1] FROM generate_series(1, cardinality(signs) - 1) AS place)
  FROM string_to_array(value, NULL) AS signs
$$;
-- What users are chosen by beside that.
CREATE FUNCTION user_labels(status text, email_verified boolean) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY[status, CASE WHEN email_verified THEN 'verified' ELSE 'unverified' END]
$$;

-- Building it takes some minutes for each million users, and lets changes wait; reading goes on.
SET LOCAL lock_timeout = '10s';
CREATE INDEX users_fragments ON users
  USING gin (fragments(user_words(username, email, first_name, last_name)), user_labels(status, email_verified), spans_of(created_at));
DROP INDEX users_words;

-- A part of the FROM clause: users who have the text in what they are searched by. What is null does not matter. Labels alone lead to the rows:
-- an index of something else would be read as a whole for each span.
CREATE FUNCTION users_with(search text, with_status text, verified boolean) RETURNS text LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
  SELECT format('users WHERE fragments(%s) @> %L AND strpos(%1$s, %3$L) > 0 AND user_labels(status, email_verified) @> %4$L AND status <> ''DELETED''',
      'user_words(username, email, first_name, last_name)', CASE WHEN char_length(text) = 1 THEN ARRAY[text] ELSE grams(text) END, text,
      array_remove(ARRAY[with_status, CASE verified WHEN true THEN 'verified' WHEN false THEN 'unverified' END], NULL))
  FROM folded(search) AS text
$$;

-- The ids of the `most` users of those that come first after a place in the list, newest first; the last ones before a place when `backward`.
CREATE FUNCTION matching_users(matching text, created_after timestamptz, created_before timestamptz,
  after_time timestamptz, after_id uuid, before_time timestamptz, before_id uuid, backward boolean, most integer)
RETURNS uuid[] LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
DECLARE
  newest timestamptz := least(after_time, created_before, (SELECT created_at FROM users ORDER BY created_at DESC, id DESC LIMIT 1));
  oldest timestamptz := greatest(before_time, created_after, (SELECT created_at FROM users ORDER BY created_at, id LIMIT 1));
BEGIN
  RETURN nearest_rows(matching
    || coalesce(' AND created_at > ' || quote_literal(created_after), '') || coalesce(' AND created_at < ' || quote_literal(created_before), '')
    || coalesce(' AND (created_at, id) < (' || quote_literal(after_time) || ',' || quote_literal(after_id) || ')', '')
    || coalesce(' AND (created_at, id) > (' || quote_literal(before_time) || ',' || quote_literal(before_id) || ')', ''),
    'created_at', CASE WHEN backward THEN oldest ELSE newest END, CASE WHEN backward THEN newest ELSE oldest END, backward, most);
END $$;

-- How many users match, as far as they are counted.
CREATE FUNCTION number_of_users(matching text, created_after timestamptz, created_before timestamptz, most integer) RETURNS integer LANGUAGE plpgsql STABLE
  SET search_path FROM CURRENT SET enable_seqscan = off SET enable_indexscan = off AS $$
DECLARE
  number integer;
BEGIN
  EXECUTE format('SELECT count(*) FROM (SELECT FROM %s%s%s LIMIT $1) AS counted', matching,
    ' AND created_at > ' || quote_literal(created_after), ' AND created_at < ' || quote_literal(created_before)) INTO number USING most;
  RETURN number;
END $$;
