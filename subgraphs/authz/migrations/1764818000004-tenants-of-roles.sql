-- Roles, what they permit and who has them are a tenant's. Who authz knows is not: accounts are global.
SET LOCAL lock_timeout = '10s';
-- Roles of a tenant by name, and holders of a role, without a look at rows of others.
CREATE INDEX roles_of_tenant ON roles (tenant_id, name);
CREATE INDEX assignments_role_holder ON assignments (role_id, user_id, tenant_id);
DROP INDEX assignments_role_user;
ALTER INDEX assignments_role_holder RENAME TO assignments_role_user;
SELECT isolate_tenants('roles'), isolate_tenants('role_permissions'), isolate_tenants('default_grants'), isolate_tenants('assignments');
