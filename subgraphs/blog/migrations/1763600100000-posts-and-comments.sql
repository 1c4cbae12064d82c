CREATE TABLE post (
  id           uuid             NOT NULL CONSTRAINT post_pkey PRIMARY KEY,
  tenant_id    uuid             NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001',
  author_id    uuid,
  slug         text COLLATE "C" NOT NULL,
  title        text             NOT NULL,
  content      text             NOT NULL,
  tags         text[]           NOT NULL DEFAULT '{}',
  status       text             NOT NULL CONSTRAINT post_status CHECK (status IN ('DRAFT', 'PUBLISHED', 'ARCHIVED')),
  version      integer          NOT NULL,
  created_at   timestamptz(3)   NOT NULL,
  updated_at   timestamptz(3)   NOT NULL,
  published_at timestamptz(3),
  listed_at    timestamptz(3)   NOT NULL,
  search       tsvector
);
CREATE UNIQUE INDEX post_slug ON post (tenant_id, slug);
CREATE INDEX post_listed ON post (status, listed_at, id);
CREATE INDEX post_listed_by_author ON post (author_id, status, listed_at, id);
CREATE INDEX post_tags ON post USING gin (tags);
CREATE INDEX post_search ON post USING gin (search);

-- A word of the title weighs more than one of the content.
CREATE FUNCTION post_index_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.search := setweight(to_tsvector('english', NEW.title), 'A') || setweight(to_tsvector('english', NEW.content), 'B');
  RETURN NEW;
END $$;
CREATE TRIGGER post_index_words BEFORE INSERT OR UPDATE OF title, content ON post
  FOR EACH ROW EXECUTE FUNCTION post_index_words();

CREATE TABLE comment (
  id         uuid           NOT NULL CONSTRAINT comment_pkey PRIMARY KEY,
  tenant_id  uuid           NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001',
  post_id    uuid           NOT NULL CONSTRAINT comment_post REFERENCES post (id) ON DELETE CASCADE,
  author_id  uuid,
  body       text           NOT NULL,
  created_at timestamptz(3) NOT NULL
);
CREATE INDEX comment_listed ON comment (post_id, created_at, id);
CREATE INDEX comment_author ON comment (author_id);
