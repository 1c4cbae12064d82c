ALTER TABLE cover_upload ADD CONSTRAINT cover_upload_texts CHECK (char_length(file) <= 100);
