-- Roles are looked up by name alone. With it first that is one probe of the index, also where PostgreSQL cannot skip through the tenants.
SET LOCAL lock_timeout = '10s';
CREATE UNIQUE INDEX roles_by_name ON roles (name, tenant_id);
ALTER TABLE roles DROP CONSTRAINT roles_name, ADD CONSTRAINT roles_name UNIQUE USING INDEX roles_by_name;
