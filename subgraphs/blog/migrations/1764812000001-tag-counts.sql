-- How many published posts carry each tag: counted when posts change, not when somebody asks.
-- While those that are there are counted (some seconds per million posts), nobody writes posts; whoever reads them does not wait. The lock for
-- that is not waited for for long: others wait behind.
SET LOCAL lock_timeout = '10s';
CREATE TABLE tag_count (
  tenant_id uuid             NOT NULL,
  name      text COLLATE "C" NOT NULL,
  posts     integer          NOT NULL CONSTRAINT tag_count_posts CHECK (posts >= 0),
  CONSTRAINT tag_count_texts CHECK (char_length(name) <= 500),
  CONSTRAINT tag_count_pkey PRIMARY KEY (tenant_id, name)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
CREATE INDEX tag_count_most_used ON tag_count (tenant_id, posts DESC, name);

-- Tags are counted in one order, so that two posts with the same tags wait for one another, and not each for the other.
CREATE FUNCTION post_count_tags() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed record;
BEGIN
  FOR changed IN
    SELECT tenant_id, name, sum(change) AS change FROM (
      SELECT OLD.tenant_id, unnest(OLD.tags), -1 WHERE OLD.status = 'PUBLISHED'
      UNION SELECT NEW.tenant_id, unnest(NEW.tags), 1 WHERE NEW.status = 'PUBLISHED') AS carried (tenant_id, name, change)
    GROUP BY tenant_id, name HAVING sum(change) <> 0 ORDER BY tenant_id, name COLLATE "C"
  LOOP
    IF changed.change > 0 THEN
      INSERT INTO tag_count AS counted (tenant_id, name, posts) VALUES (changed.tenant_id, changed.name, 1)
        ON CONFLICT (tenant_id, name) DO UPDATE SET posts = counted.posts + 1;
    ELSE
      UPDATE tag_count SET posts = posts - 1 WHERE tenant_id = changed.tenant_id AND name = changed.name;
      DELETE FROM tag_count WHERE tenant_id = changed.tenant_id AND name = changed.name AND posts = 0;
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

CREATE TRIGGER post_count_tags_when_created AFTER INSERT ON post
  FOR EACH ROW WHEN (NEW.status = 'PUBLISHED') EXECUTE FUNCTION post_count_tags();
CREATE TRIGGER post_count_tags_when_changed AFTER UPDATE OF tenant_id, status, tags ON post
  FOR EACH ROW WHEN ((OLD.status = 'PUBLISHED' OR NEW.status = 'PUBLISHED')
    AND (OLD.tenant_id, OLD.status, OLD.tags) IS DISTINCT FROM (NEW.tenant_id, NEW.status, NEW.tags)) EXECUTE FUNCTION post_count_tags();
CREATE TRIGGER post_count_tags_when_deleted AFTER DELETE ON post
  FOR EACH ROW WHEN (OLD.status = 'PUBLISHED') EXECUTE FUNCTION post_count_tags();

INSERT INTO tag_count (tenant_id, name, posts)
  SELECT tenant_id, name, count(*) FROM post, LATERAL (SELECT DISTINCT unnest(tags) AS name) AS carried
  WHERE status = 'PUBLISHED' GROUP BY tenant_id, name;
