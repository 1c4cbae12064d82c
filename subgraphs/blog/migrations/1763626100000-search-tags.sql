-- A word of the title weighs more than a tag, and a tag more than a word of the content.
CREATE OR REPLACE FUNCTION post_index_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.search := setweight(to_tsvector('english', NEW.title), 'A')
    || setweight(to_tsvector('english', array_to_string(NEW.tags, ' ')), 'B')
    || setweight(to_tsvector('english', NEW.content), 'C');
  RETURN NEW;
END $$;

DROP TRIGGER post_index_words ON post;
CREATE TRIGGER post_index_words BEFORE INSERT OR UPDATE OF title, tags, content ON post
  FOR EACH ROW EXECUTE FUNCTION post_index_words();

UPDATE post SET title = title;
