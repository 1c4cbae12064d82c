CREATE TABLE products (
  id         uuid           NOT NULL CONSTRAINT products_pkey PRIMARY KEY,
  tenant_id  uuid           NOT NULL,
  owner_id   uuid,
  name       text           NOT NULL,
  version    integer        NOT NULL,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  CONSTRAINT products_texts CHECK (char_length(name) <= 200)
);
CREATE INDEX products_listed ON products (tenant_id, created_at, id);
CREATE INDEX products_owner ON products (owner_id, created_at, id);
-- Nobody sees or writes the products of another tenant, whatever a query says.
SELECT isolate_tenants('products');

-- A product outlives its owner's account, and then names nobody.
CREATE TRIGGER products_forget_deleted_users BEFORE INSERT OR UPDATE OF owner_id ON products
  FOR EACH ROW EXECUTE FUNCTION forget_deleted_users('owner_id');
