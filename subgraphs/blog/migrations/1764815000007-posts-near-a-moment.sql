-- What a search for posts is narrowed to.
CREATE FUNCTION post_labels(status text, author_id uuid, tags text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY['status:' || status, 'author:' || author_id] || tags
$$;

-- Building it takes about a minute for each million posts, and lets changes wait; reading goes on.
SET LOCAL lock_timeout = '10s';
CREATE INDEX post_words ON post USING gin (search, post_labels(status, author_id, tags), spans_of(listed_at));
DROP INDEX post_search;
ALTER INDEX post_words RENAME TO post_search;

-- What a search looks for, and the newest `most` posts that match it. What is null does not matter. Labels alone lead to the rows: an index of
-- something else would be read as a whole for each span.
CREATE FUNCTION matching_posts(search text, with_status text, by_author uuid, with_tag text, most integer, OUT words tsquery, OUT ids uuid[])
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
DECLARE
  newest timestamptz;
  oldest timestamptz;
BEGIN
  words := post_query(search);
  SELECT listed_at INTO newest FROM post WHERE status = with_status ORDER BY listed_at DESC, id DESC LIMIT 1;
  SELECT listed_at INTO oldest FROM post WHERE status = with_status ORDER BY listed_at, id LIMIT 1;
  ids := nearest_rows(format('post WHERE search @@ %L AND post_labels(status, author_id, tags) @> %L AND (status = %L) IS TRUE', words,
      array_remove(ARRAY['status:' || with_status, 'author:' || by_author, with_tag], NULL), with_status),
    'listed_at', newest, oldest, false, most);
END $$;
-- newest_matches stays for processes of the version before.
