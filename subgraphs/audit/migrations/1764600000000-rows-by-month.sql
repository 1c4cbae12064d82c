-- The subgraph adds entries to the table of the month itself, which takes them for less: no row has to be sent on to a partition.
-- Nothing is looser for it: a partition has the guards of the whole log.
CREATE OR REPLACE FUNCTION make_partition(month timestamp) RETURNS void LANGUAGE plpgsql
  SET search_path = audit, pg_temp AS $$
DECLARE
  partition text := 'audit_entry_' || to_char(month, 'YYYY_MM');
BEGIN
  IF to_regclass(partition) IS NOT NULL THEN
    RETURN;
  END IF;
  EXECUTE format('CREATE TABLE %I PARTITION OF audit_entry FOR VALUES FROM (%L) TO (%L)', partition,
    month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
  PERFORM protect(partition, true);
  EXECUTE format('GRANT INSERT ON %I TO audit_app', partition);
END $$;

DO $$
DECLARE
  partition regclass;
BEGIN
  FOR partition IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'audit_entry'::regclass LOOP
    EXECUTE format('GRANT INSERT ON %s TO audit_app', partition);
  END LOOP;
END $$;
