-- What a search for posts is narrowed to, of one tenant.
CREATE FUNCTION post_labels(tenant_id uuid, status text, author_id uuid, tags text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY['tenant:' || tenant_id, 'status:' || status, 'author:' || author_id] || tags
$$;

-- PostgreSQL judges by the first column whether the rows of an index lie together: were it the tenant, it would read all drafts for an author's.
-- Building them takes about a minute for each million posts, and lets changes wait; reading goes on.
SET LOCAL lock_timeout = '10s';
CREATE INDEX post_of_tenant ON post (status, tenant_id, listed_at, id);
CREATE INDEX post_by_author ON post (author_id, tenant_id, status, listed_at, id);
CREATE INDEX post_words ON post USING gin (search, post_labels(tenant_id, status, author_id, tags), spans_of(listed_at));
