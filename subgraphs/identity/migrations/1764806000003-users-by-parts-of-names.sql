-- What users are searched by, as one text; names stand in both orders, the family's in front with and without a space. An index of its parts finds them without looking at every user.
CREATE FUNCTION user_words(username text, email text, first_name text, last_name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  SET search_path FROM CURRENT AS $$
  SELECT folded(coalesce(username, '') || E'\n' || coalesce(email, '') || E'\n' || coalesce(first_name, '') || E'\n' || coalesce(last_name, '')
    || E'\n' || coalesce(first_name || ' ' || last_name || E'\n' || last_name || ' ' || first_name || E'\n' || last_name || first_name, ''))
$$;
CREATE INDEX users_words ON users USING gin (grams(user_words(username, email, first_name, last_name)));
