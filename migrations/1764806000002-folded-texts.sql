-- How searches compare texts: compatibility forms, case and accents make no difference, letters that are no letter with an accent are
-- spelled out, and what nobody sees is not there. Whatever the locale knows of signs that are no letters, they are spaces or ASCII.
-- What is looked for and what is looked through are folded alike.
CREATE FUNCTION folded(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT normalize(replace(replace(replace(replace(translate(lower(regexp_replace(translate(
    regexp_replace(normalize(value, NFKD),
      '[\u00ad\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670\u180b-\u180f\u200c-\u200f\u2060\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]', '', 'g'),
    '‘’‛“”„‟‐', '''''''""""-'),
    '[¡-¿־׀׃،؛؟۔।॥​‐-⁞←-⋿⸀-⹿　-〄〈-〠・]', ' ', 'g')),
    'øđðłıħ', 'oddlih'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), NFKC)
$$;

-- The words of a folded text with spaces between, and nothing that means something to the parser of texts: it takes quadratic time, which
-- nothing interrupts, for what looks like tags, entities, addresses and paths.
CREATE FUNCTION plain_words(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT regexp_replace(value, '[-/:-@[-`{-]+', ' ', 'g')
$$;

-- Scripts that are written without spaces between words (Han, Kana, Hangul, Thai, Lao, Burmese, Khmer) have every two characters for a word:
-- ABC becomes "A AB BC C", each character being written twice with a space between.
CREATE FUNCTION spaced(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT regexp_replace(regexp_replace(value, '([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3041-\u30fa\u30fc-\u312f\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]+)', ' \1 ', 'g'),
    '([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3041-\u30fa\u30fc-\u312f\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff])', '\1 \1', 'g')
$$;

-- Every two characters of a folded text that stand side by side: what an index needs to find any part of it.
CREATE FUNCTION grams(value text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(DISTINCT substr(value, place, 2)), '{}') FROM generate_series(1, char_length(value) - 1) AS place
$$;
