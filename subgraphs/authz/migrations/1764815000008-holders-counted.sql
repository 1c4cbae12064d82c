-- How many users have the role, as far as they are counted: so many are read from the index of holders. A plan that reads them all and sorts them
-- looks cheaper, since PostgreSQL takes each role for one of average size.
CREATE FUNCTION number_of_holders(role uuid, most integer) RETURNS integer LANGUAGE sql STABLE
  SET search_path FROM CURRENT SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
  SELECT count(*)::integer FROM (SELECT FROM assignments WHERE role_id = role ORDER BY user_id LIMIT most) AS counted
$$;
