-- Which default grants the system roles were given already: those of a module that comes later are given once, and what an administrator
-- takes back stays taken. What earlier versions gave when they made the roles counts as given.
CREATE TABLE default_grants (
  role_id    uuid NOT NULL CONSTRAINT default_grants_role_fkey REFERENCES roles (id) ON DELETE CASCADE,
  permission text NOT NULL CONSTRAINT default_grants_texts CHECK (char_length(permission) <= 200),
  tenant_id  uuid NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001',
  CONSTRAINT default_grants_pkey PRIMARY KEY (role_id, permission)
);

INSERT INTO default_grants (role_id, permission)
SELECT roles.id, given.permission
FROM (VALUES
  ('user', 'blog.post.read'),
  ('user', 'blog.post.create'),
  ('user', 'blog.post.update'),
  ('user', 'blog.post.delete'),
  ('user', 'blog.post.publish'),
  ('user', 'blog.comment.create'),
  ('guest', 'blog.post.read')
) AS given (role, permission)
JOIN roles ON roles.name = given.role AND roles.system;
