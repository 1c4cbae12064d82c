ALTER TABLE post ADD cover_file text, ADD cover_size integer;
