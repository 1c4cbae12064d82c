-- Whoever asked for an export is the one who may fetch it.
ALTER TABLE export_job ADD COLUMN asked_by text;
