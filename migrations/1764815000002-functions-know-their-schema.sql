-- Functions find what they use in their own schema, whatever the session that calls them looks through: an operator's, or that of a restored dump.
-- Those of SQL are left as they are where they use nothing of the schema: they can be part of the statements that call them.
DO $$
DECLARE
  own record;
BEGIN
  FOR own IN
    SELECT function.oid::regprocedure AS signature FROM pg_proc AS function JOIN pg_language AS language ON language.oid = prolang
    WHERE pronamespace = current_schema()::regnamespace AND NOT coalesce(array_to_string(proconfig, ' ') LIKE '%search_path=%', false)
      AND (lanname = 'plpgsql' OR lanname = 'sql' AND EXISTS (
        SELECT FROM pg_proc AS used WHERE used.pronamespace = function.pronamespace AND used.oid <> function.oid
          AND function.prosrc ~ ('\m' || used.proname || '\(')))
  LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', own.signature, current_schema());
  END LOOP;
END $$;
