-- Links that were given out to send a cover image to, until the image is made a post's: what they may still bring counts with their
-- author, also when the post has been deleted meanwhile.
CREATE TABLE cover_upload (
  post_id      uuid           NOT NULL,
  file         text           NOT NULL,
  tenant_id    uuid           NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001',
  uploader_id  uuid,
  size         integer        NOT NULL,
  requested_at timestamptz(3) NOT NULL,
  CONSTRAINT cover_upload_pkey PRIMARY KEY (post_id, file)
);
CREATE INDEX cover_upload_uploader ON cover_upload (uploader_id);
CREATE TRIGGER cover_upload_forget_deleted_users BEFORE INSERT OR UPDATE OF uploader_id ON cover_upload
  FOR EACH ROW EXECUTE FUNCTION forget_deleted_users('uploader_id');
