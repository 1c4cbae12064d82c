CREATE TRIGGER post_forget_deleted_users BEFORE INSERT OR UPDATE OF author_id ON post
  FOR EACH ROW EXECUTE FUNCTION forget_deleted_users('author_id');
CREATE TRIGGER comment_forget_deleted_users BEFORE INSERT OR UPDATE OF author_id ON comment
  FOR EACH ROW EXECUTE FUNCTION forget_deleted_users('author_id');
