-- Behind a long transaction this waits no longer than that, as everybody who reads posts waits behind it: run it again then.
SET LOCAL lock_timeout = '10s';

-- A post is searched in the language that it is written in: that of which it has the most stop words, else English.
CREATE FUNCTION search_languages() RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY['english', 'german', 'french', 'spanish', 'italian', 'portuguese', 'dutch', 'russian', 'swedish', 'danish', 'norwegian', 'finnish', 'hungarian', 'turkish']
$$;
CREATE FUNCTION language_of(value text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT language
  FROM unnest(search_languages()) WITH ORDINALITY AS known (language, place),
    LATERAL (SELECT count(*) AS stops FROM unnest(tsvector_to_array(to_tsvector('simple', plain_words(left(value, 2000))))) AS word
      WHERE ts_lexize((language || '_stem')::regdictionary, word) = '{}') AS counted
  ORDER BY stops DESC, place LIMIT 1
$$;

-- The words of a folded text. Of scripts without spaces single characters are found as well, without places: they have too many.
CREATE FUNCTION words_of(language regconfig, value text) RETURNS tsvector LANGUAGE sql STABLE AS $$
  SELECT to_tsvector(language, plain_words(spaced(value))) || strip(to_tsvector('simple',
    regexp_replace(regexp_replace(value, '[^\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3041-\u30fa\u30fc-\u312f\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]', '', 'g'),
      '(.)', '\1 ', 'g')))
$$;

ALTER TABLE post ADD language text NOT NULL DEFAULT 'english' CONSTRAINT post_language CHECK (language IN ('english', 'german', 'french', 'spanish',
  'italian', 'portuguese', 'dutch', 'russian', 'swedish', 'danish', 'norwegian', 'finnish', 'hungarian', 'turkish'));

-- A word of the title weighs more than a tag, and a tag more than a word of the content. The language is a word too, which nobody can type.
-- A vector holds a megabyte: of the rare text that has more different words, the beginning is found.
CREATE OR REPLACE FUNCTION post_index_words() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  language regconfig;
  beginning tsvector;
BEGIN
  NEW.language := language_of(NEW.title || ' ' || NEW.content);
  language := NEW.language::regconfig;
  beginning := array_to_tsvector(ARRAY['language:' || NEW.language])
    || setweight(words_of(language, folded(NEW.title)), 'A')
    || setweight(words_of(language, folded(array_to_string(NEW.tags, ' '))), 'B');
  BEGIN
    NEW.search := beginning || setweight(words_of(language, folded(NEW.content)), 'C');
  EXCEPTION WHEN program_limit_exceeded THEN
    NEW.search := beginning || setweight(words_of(language, left(folded(left(NEW.content, 20000)), 20000)), 'C');
  END;
  RETURN NEW;
END $$;

-- Tags get the spelling that they are looked for in; posts, their words.
CREATE FUNCTION respelled(tag text) RETURNS text LANGUAGE sql AS $$
  SELECT btrim(left(btrim(regexp_replace(normalize(lower(replace(normalize(tag, NFKC), 'İ', 'i̇')), NFKC), '\s+', ' ', 'g')), 50))
$$;
UPDATE post SET tags = ARRAY(
  SELECT spelled FROM unnest(tags) WITH ORDINALITY AS given (tag, place), respelled(tag) AS spelled
  WHERE spelled <> '' GROUP BY spelled ORDER BY min(place));
DROP FUNCTION respelled;

-- What is looked for, in whichever language a post is written. It is folded and spaced before. In a language in which nothing but exclusions
-- is left of it, it finds nothing, instead of all else.
CREATE FUNCTION post_query(value text) RETURNS tsquery LANGUAGE plpgsql STABLE AS $$
DECLARE
  language text;
  one tsquery;
  every tsquery;
BEGIN
  FOREACH language IN ARRAY search_languages() LOOP
    one := websearch_to_tsquery(language::regconfig, value);
    CONTINUE WHEN querytree(one) IN ('', 'T');
    one := one && quote_literal('language:' || language)::tsquery;
    every := CASE WHEN every IS NULL THEN one ELSE every || one END;
  END LOOP;
  RETURN coalesce(every, ''::tsquery);
END $$;
