-- Service accounts as identity has told of them, and the roles that they have. Both are an organization's.
CREATE TABLE service_accounts (
  id        uuid NOT NULL CONSTRAINT service_accounts_pkey PRIMARY KEY,
  tenant_id uuid NOT NULL
);
CREATE INDEX service_accounts_of_tenant ON service_accounts (tenant_id);

CREATE TABLE service_account_roles (
  service_account_id uuid NOT NULL CONSTRAINT service_account_roles_account_fkey REFERENCES service_accounts (id) ON DELETE CASCADE,
  role_id            uuid NOT NULL CONSTRAINT service_account_roles_role_fkey REFERENCES roles (id) ON DELETE CASCADE,
  tenant_id          uuid NOT NULL,
  CONSTRAINT service_account_roles_pkey PRIMARY KEY (service_account_id, role_id)
);
CREATE INDEX service_account_roles_of_role ON service_account_roles (role_id);
CREATE INDEX service_account_roles_of_tenant ON service_account_roles (tenant_id);
SELECT isolate_tenants('service_accounts'), isolate_tenants('service_account_roles');
