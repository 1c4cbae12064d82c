-- Roles, what they permit, and who has them. Permissions themselves live in code.

CREATE TABLE roles (
  id          uuid           CONSTRAINT roles_pkey PRIMARY KEY,
  tenant_id   uuid           NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001',
  name        text           NOT NULL,
  description text,
  system      boolean        NOT NULL DEFAULT false,
  created_at  timestamptz(3) NOT NULL,
  updated_at  timestamptz(3) NOT NULL,
  CONSTRAINT roles_name UNIQUE (tenant_id, name)
);

CREATE TABLE role_permissions (
  role_id    uuid NOT NULL CONSTRAINT role_permissions_role_fkey REFERENCES roles (id) ON DELETE CASCADE,
  permission text NOT NULL,
  tenant_id  uuid NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001',
  CONSTRAINT role_permissions_pkey PRIMARY KEY (role_id, permission)
);
CREATE INDEX role_permissions_permission ON role_permissions (permission);

CREATE TABLE subjects (
  user_id    uuid CONSTRAINT subjects_pkey PRIMARY KEY,
  tenant_id  uuid NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001',
  deleted_at timestamptz(3)
);

CREATE TABLE assignments (
  user_id   uuid NOT NULL CONSTRAINT assignments_subject_fkey REFERENCES subjects (user_id) ON DELETE CASCADE,
  role_id   uuid NOT NULL CONSTRAINT assignments_role_fkey REFERENCES roles (id) ON DELETE CASCADE,
  tenant_id uuid NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001',
  CONSTRAINT assignments_pkey PRIMARY KEY (user_id, role_id)
);
CREATE INDEX assignments_role ON assignments (role_id);
