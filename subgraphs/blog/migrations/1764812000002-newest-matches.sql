-- What a search looks for, and since when the newest `most` posts that match it were listed: null when no more match. `frequent` says that they
-- are among the newest 5,000 posts, so that reading these is less than looking the words up.
-- Those are looked through first. Else the words are looked up: a word that is among the newest too seldom is, as a rule, in few of the others.
-- A sum in the order keeps PostgreSQL from reading post by post until enough match: it cannot know of words that avoid each other.
CREATE FUNCTION newest_matches(search text, with_status text, by_author uuid, with_tag text, most integer)
RETURNS TABLE (words tsquery, since timestamptz, frequent boolean) LANGUAGE plpgsql STABLE AS $$
DECLARE
  condition text := 'status = $2' || CASE WHEN by_author IS NULL THEN '' ELSE ' AND author_id = $3' END
    || CASE WHEN with_tag IS NULL THEN '' ELSE ' AND tags @> ARRAY[$4]' END;
BEGIN
  words := post_query(search);
  EXECUTE 'SELECT listed_at FROM (SELECT listed_at, search FROM post WHERE ' || condition || ' ORDER BY listed_at DESC LIMIT 5000) AS newest
    WHERE search @@ $1 ORDER BY listed_at DESC OFFSET $5 LIMIT 1' INTO since USING words, with_status, by_author, with_tag, most;
  frequent := since IS NOT NULL;
  IF NOT frequent THEN
    EXECUTE 'SELECT listed_at FROM post WHERE search @@ $1 AND ' || condition || ' ORDER BY listed_at + ''0 s'' DESC OFFSET $5 LIMIT 1'
      INTO since USING words, with_status, by_author, with_tag, most;
  END IF;
  RETURN NEXT;
END $$;
