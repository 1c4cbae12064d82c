CREATE TABLE products (
  id         uuid           NOT NULL CONSTRAINT products_pkey PRIMARY KEY,
  tenant_id  uuid           NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001',
  owner_id   uuid,
  name       text           NOT NULL,
  version    integer        NOT NULL,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  CONSTRAINT products_texts CHECK (char_length(name) <= 200)
);
CREATE INDEX products_listed ON products (tenant_id, created_at, id);
CREATE INDEX products_owner ON products (owner_id, created_at, id);

-- A product outlives its owner's account, and then names nobody.
CREATE TRIGGER products_forget_deleted_users BEFORE INSERT OR UPDATE OF owner_id ON products
  FOR EACH ROW EXECUTE FUNCTION forget_deleted_users('owner_id');
