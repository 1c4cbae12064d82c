-- Users who are gone are remembered, so that what arrives later about them is anonymised: also what was on its way when they left.
CREATE TABLE deleted_users (
  user_id    uuid        NOT NULL CONSTRAINT deleted_users_pkey PRIMARY KEY,
  deleted_at timestamptz NOT NULL DEFAULT now()
);

-- Whoever writes a user's id holds the user against their deletion until the commit, and hears whether they are gone.
CREATE FUNCTION is_deleted_user(id uuid) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('deleted-user:' || id, 0));
  RETURN EXISTS (SELECT FROM deleted_users WHERE user_id = id);
END $$;

-- Waits for whoever is writing the user's id, so that anonymising what is there afterwards misses nothing.
CREATE FUNCTION remember_deleted_user(id uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('deleted-user:' || id, 0));
  INSERT INTO deleted_users (user_id) VALUES (id) ON CONFLICT DO NOTHING;
END $$;

-- A trigger before inserts and updates of the columns that its arguments name: ids of deleted users become null in them.
CREATE FUNCTION forget_deleted_users() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  name text;
  id uuid;
BEGIN
  FOREACH name IN ARRAY TG_ARGV LOOP
    EXECUTE format('SELECT ($1).%I', name) USING NEW INTO id;
    IF id IS NOT NULL AND is_deleted_user(id) THEN
      NEW := jsonb_populate_record(NEW, jsonb_build_object(name, NULL));
    END IF;
  END LOOP;
  RETURN NEW;
END $$;
