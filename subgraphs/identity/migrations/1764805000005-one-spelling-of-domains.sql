-- Addresses are kept with the letters of an internationalised domain, whichever way they are written. Those from before that were
-- written in ASCII (xn--…) get that spelling too, unless another account has it already: of several the oldest gets it.
CREATE FUNCTION decoded_label(label text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  digits text := substr(label, 5);
  written text := '';
  n bigint := 128;
  i bigint := 0;
  bias bigint := 72;
  before bigint;
  weight bigint;
  threshold bigint;
  digit bigint;
  delta bigint;
  k bigint;
BEGIN
  -- Punycode, RFC 3492, section 6.2.
  IF position('-' IN digits) > 0 THEN
    written := regexp_replace(digits, '-[^-]*$', '');
    digits := regexp_replace(digits, '^.*-', '');
  END IF;
  WHILE digits <> '' LOOP
    before := i;
    weight := 1;
    k := 36;
    LOOP
      digit := position(left(digits, 1) IN 'abcdefghijklmnopqrstuvwxyz0123456789') - 1;
      IF digits = '' OR digit < 0 THEN RETURN label; END IF;
      digits := substr(digits, 2);
      i := i + digit * weight;
      threshold := greatest(1, least(26, k - bias));
      EXIT WHEN digit < threshold;
      weight := weight * (36 - threshold);
      k := k + 36;
    END LOOP;
    delta := (i - before) / CASE WHEN before = 0 THEN 700 ELSE 2 END;
    delta := delta + delta / (length(written) + 1);
    bias := 0;
    WHILE delta > 455 LOOP
      delta := delta / 35;
      bias := bias + 36;
    END LOOP;
    bias := bias + 36 * delta / (delta + 38);
    n := n + i / (length(written) + 1);
    i := i % (length(written) + 1);
    written := left(written, i::int) || chr(n::int) || substr(written, i::int + 1);
    i := i + 1;
  END LOOP;
  RETURN coalesce(nullif(written, ''), label);
EXCEPTION WHEN OTHERS THEN
  RETURN label;
END $$;

CREATE FUNCTION spelled(email text) RETURNS text LANGUAGE sql AS $$
  SELECT split_part(email, '@', 1) || '@' || normalize(string_agg(
    CASE WHEN label LIKE 'xn--%' THEN decoded_label(label) ELSE label END, '.' ORDER BY place), NFKC)
  FROM regexp_split_to_table(split_part(email, '@', 2), '\.') WITH ORDINALITY AS labels (label, place)
$$;

UPDATE users SET email = spelling.email
  FROM (SELECT DISTINCT ON (tenant_id, spelled(email)) id, tenant_id, spelled(email) AS email FROM users
         WHERE email ~ '@(.*\.)?xn--' ORDER BY tenant_id, spelled(email), created_at, id) AS spelling
 WHERE users.id = spelling.id
   AND NOT EXISTS (SELECT FROM users AS other WHERE other.tenant_id = spelling.tenant_id AND other.email = spelling.email);
UPDATE one_time_tokens SET email = users.email FROM users
 WHERE users.id = user_id AND one_time_tokens.email ~ '@(.*\.)?xn--' AND users.email = spelled(one_time_tokens.email);

DROP FUNCTION spelled(text);
DROP FUNCTION decoded_label(text);
