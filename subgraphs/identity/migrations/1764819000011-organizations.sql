-- Organizations are the tenants. Accounts are global; a membership lets one act in an organization. Both are read by an account's or a link's
-- owner in whichever organization they are: by the functions below, which run as the owner and give the rows of one person alone.
SET LOCAL lock_timeout = '10s';

CREATE TABLE organizations (
  id                uuid           NOT NULL CONSTRAINT organizations_pkey PRIMARY KEY,
  name              text           NOT NULL,
  slug              text           NOT NULL CONSTRAINT organizations_slug_key UNIQUE,
  status            text           NOT NULL DEFAULT 'ACTIVE',
  suspension_reason text,
  -- The user who made it; null when the platform did.
  created_by        uuid           CONSTRAINT organizations_created_by_fkey REFERENCES users (id) ON DELETE SET NULL,
  created_at        timestamptz(3) NOT NULL,
  updated_at        timestamptz(3) NOT NULL,
  -- Its data is erased then; null unless it is deleted.
  deletes_at        timestamptz(3),
  CONSTRAINT organizations_texts CHECK (char_length(name) <= 100 AND char_length(slug) <= 50 AND char_length(suspension_reason) <= 500),
  CONSTRAINT organizations_status_check CHECK (status IN ('ACTIVE', 'SUSPENDED', 'DELETED'))
);
CREATE INDEX organizations_newest ON organizations (created_at, id);
CREATE INDEX organizations_to_erase ON organizations (deletes_at) WHERE deletes_at IS NOT NULL;
CREATE INDEX organizations_of_creator ON organizations (created_by);

INSERT INTO organizations (id, name, slug, created_at, updated_at)
  SELECT tenant_id, 'Default', 'default' || CASE row_number() OVER (ORDER BY tenant_id) WHEN 1 THEN '' ELSE '-' || left(tenant_id::text, 8) END, now(), now()
  FROM (SELECT '00000000-0000-7000-8000-000000000001'::uuid AS tenant_id UNION SELECT DISTINCT tenant_id FROM users) AS tenants;

CREATE TABLE memberships (
  id             uuid           NOT NULL CONSTRAINT memberships_pkey PRIMARY KEY,
  tenant_id      uuid           NOT NULL CONSTRAINT memberships_tenant_id_fkey REFERENCES organizations (id) ON DELETE CASCADE,
  user_id        uuid           NOT NULL CONSTRAINT memberships_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
  status         text           NOT NULL DEFAULT 'ACTIVE',
  joined_at      timestamptz(3) NOT NULL,
  invited_by     uuid           CONSTRAINT memberships_invited_by_fkey REFERENCES users (id) ON DELETE SET NULL,
  last_active_at timestamptz(3),
  CONSTRAINT memberships_member UNIQUE (user_id, tenant_id),
  CONSTRAINT memberships_status_check CHECK (status IN ('ACTIVE', 'SUSPENDED'))
);

-- Everybody belongs to the organization that their account was made in.
INSERT INTO memberships (id, tenant_id, user_id, joined_at)
  SELECT id, tenant_id, id, created_at FROM users WHERE status <> 'DELETED' AND NOT pending;
CREATE INDEX memberships_newest ON memberships (tenant_id, joined_at, id);
CREATE INDEX memberships_of_inviter ON memberships (invited_by);
SELECT isolate_tenants('memberships');

-- The organization that an account is made in; null for none. The account is a member from the start, whichever version of a process makes it.
ALTER TABLE users ALTER COLUMN tenant_id DROP NOT NULL;
-- The organization that the user has last switched to.
ALTER TABLE users ADD COLUMN last_organization_id uuid;
-- The organization that the session acts in; null for none.
ALTER TABLE sessions ALTER COLUMN tenant_id DROP NOT NULL;

CREATE FUNCTION memberships_follow_accounts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = identity, pg_temp AS $$
BEGIN
  IF NEW.status <> 'DELETED' THEN
    INSERT INTO memberships (id, tenant_id, user_id, joined_at) VALUES (NEW.id, NEW.tenant_id, NEW.id, NEW.created_at) ON CONFLICT DO NOTHING;
  ELSE
    DELETE FROM memberships WHERE user_id = NEW.id;
    DELETE FROM invitations WHERE email = OLD.email;
  END IF;
  RETURN NULL;
END $$;
-- What stands for an address that somebody has registered and nobody has verified is no member: how many there are tells nothing of addresses.
CREATE TRIGGER join_organization AFTER INSERT ON users FOR EACH ROW
  WHEN (NEW.tenant_id IS NOT NULL AND NOT NEW.pending AND NEW.status <> 'DELETED') EXECUTE FUNCTION memberships_follow_accounts();
CREATE TRIGGER join_organization_later AFTER UPDATE OF pending ON users FOR EACH ROW
  WHEN (NEW.tenant_id IS NOT NULL AND OLD.pending AND NOT NEW.pending AND NEW.status <> 'DELETED') EXECUTE FUNCTION memberships_follow_accounts();
CREATE TRIGGER leave_organizations AFTER UPDATE OF status ON users FOR EACH ROW WHEN (NEW.status = 'DELETED' AND OLD.status <> 'DELETED')
  EXECUTE FUNCTION memberships_follow_accounts();

CREATE TABLE invitations (
  id         uuid           NOT NULL CONSTRAINT invitations_pkey PRIMARY KEY,
  tenant_id  uuid           NOT NULL CONSTRAINT invitations_tenant_id_fkey REFERENCES organizations (id) ON DELETE CASCADE,
  -- Normalised.
  email      text           NOT NULL,
  role_ids   uuid[]         NOT NULL,
  invited_by uuid           CONSTRAINT invitations_invited_by_fkey REFERENCES users (id) ON DELETE SET NULL,
  status     text           NOT NULL DEFAULT 'PENDING',
  -- SHA-256 of the secret in the link that was mailed last; null until one was.
  token_hash bytea          CONSTRAINT invitations_token_hash_key UNIQUE,
  created_at timestamptz(3) NOT NULL,
  sent_at    timestamptz(3) NOT NULL,
  -- How often a link was asked for.
  sends      integer        NOT NULL DEFAULT 1,
  expires_at timestamptz(3) NOT NULL,
  closed_at  timestamptz(3),
  CONSTRAINT invitations_texts CHECK (char_length(email) <= 254),
  CONSTRAINT invitations_role_ids CHECK (array_position(role_ids, NULL) IS NULL),
  CONSTRAINT invitations_status_check CHECK (status IN ('PENDING', 'ACCEPTED', 'DECLINED', 'REVOKED'))
);
-- An address has one invitation that can be accepted in an organization.
CREATE UNIQUE INDEX invitations_pending ON invitations (tenant_id, email) WHERE status = 'PENDING';
CREATE INDEX invitations_of_address ON invitations (email);
CREATE INDEX invitations_of_inviter ON invitations (invited_by);
CREATE INDEX invitations_by_expiry ON invitations (expires_at);
CREATE INDEX invitations_newest ON invitations (tenant_id, created_at, id);
SELECT isolate_tenants('invitations');

-- Nobody joins on the word of somebody who may not act in the organization any more.
CREATE FUNCTION invitations_follow_inviters() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = identity, pg_temp AS $$
BEGIN
  UPDATE invitations SET status = 'REVOKED', closed_at = now()
    WHERE tenant_id = OLD.tenant_id AND invited_by = OLD.user_id AND status = 'PENDING';
  RETURN NULL;
END $$;
CREATE TRIGGER revoke_invitations AFTER DELETE ON memberships FOR EACH ROW EXECUTE FUNCTION invitations_follow_inviters();
CREATE TRIGGER revoke_invitations_of_suspended AFTER UPDATE OF status ON memberships FOR EACH ROW WHEN (NEW.status <> 'ACTIVE')
  EXECUTE FUNCTION invitations_follow_inviters();

CREATE FUNCTION memberships_of(member uuid) RETURNS SETOF memberships LANGUAGE sql STABLE SECURITY DEFINER SET search_path = identity, pg_temp AS $$
  SELECT * FROM memberships WHERE user_id = member
$$;
-- Whether the user may act in the organization; when they last did is kept to the hour.
CREATE FUNCTION acts_in_organization(member uuid, organization uuid, at timestamptz) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = identity, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM memberships m JOIN organizations o ON o.id = m.tenant_id
      WHERE m.user_id = member AND o.id = organization AND m.status = 'ACTIVE' AND o.status = 'ACTIVE') THEN
    RETURN false;
  END IF;
  UPDATE memberships SET last_active_at = date_trunc('hour', at, 'UTC') WHERE user_id = member AND tenant_id = organization
    AND (last_active_at IS NULL OR last_active_at < date_trunc('hour', at, 'UTC'));
  RETURN true;
END $$;
-- The organization that a session of the user begins in: the last one, else the oldest membership. Null when they may act in none.
CREATE FUNCTION entered_organization(member uuid, last uuid, at timestamptz) RETURNS uuid LANGUAGE sql SECURITY DEFINER
  SET search_path = identity, pg_temp AS $$
  SELECT entered FROM (
    SELECT o.id AS entered FROM memberships m JOIN organizations o ON o.id = m.tenant_id
    WHERE m.user_id = member AND m.status = 'ACTIVE' AND o.status = 'ACTIVE'
    ORDER BY o.id = last DESC NULLS LAST, m.joined_at, m.id LIMIT 1
  ) AS chosen WHERE acts_in_organization(member, entered, at)
$$;
CREATE FUNCTION invitations_to(address text) RETURNS SETOF invitations LANGUAGE sql STABLE SECURITY DEFINER SET search_path = identity, pg_temp AS $$
  SELECT * FROM invitations WHERE email = address
$$;
CREATE FUNCTION invitation_by_link(hash bytea) RETURNS SETOF invitations LANGUAGE sql STABLE SECURITY DEFINER SET search_path = identity, pg_temp AS $$
  SELECT * FROM invitations WHERE token_hash = hash
$$;
REVOKE ALL ON FUNCTION memberships_of, acts_in_organization, entered_organization, invitations_to, invitation_by_link, memberships_follow_accounts, invitations_follow_inviters
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION memberships_of, acts_in_organization, entered_organization, invitations_to, invitation_by_link TO identity_app, identity_all_tenants;
