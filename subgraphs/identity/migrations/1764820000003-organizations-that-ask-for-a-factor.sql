-- Organizations may ask for a second factor: sessions that lack one cannot act there. Processes of the version before ask the functions of
-- three arguments, for which no organization asks for anything.
SET LOCAL lock_timeout = '10s';
ALTER TABLE organizations ADD COLUMN mfa_required boolean NOT NULL DEFAULT false;

CREATE FUNCTION acts_in_organization(member uuid, organization uuid, at timestamptz, second_factor boolean) RETURNS boolean LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = identity, pg_temp AS $$
BEGIN
  IF NOT second_factor AND EXISTS (SELECT FROM organizations o WHERE o.id = organization AND o.mfa_required) THEN
    RETURN false;
  END IF;
  RETURN acts_in_organization(member, organization, at);
END $$;

CREATE FUNCTION entered_organization(member uuid, last uuid, at timestamptz, second_factor boolean) RETURNS uuid LANGUAGE sql SECURITY DEFINER
  SET search_path = identity, pg_temp AS $$
  SELECT entered FROM (
    SELECT o.id AS entered FROM memberships m JOIN organizations o ON o.id = m.tenant_id
    WHERE m.user_id = member AND m.status = 'ACTIVE' AND o.status = 'ACTIVE' AND (second_factor OR NOT o.mfa_required)
    ORDER BY o.id = last DESC NULLS LAST, m.joined_at, m.id LIMIT 1
  ) AS chosen WHERE acts_in_organization(member, entered, at)
$$;
REVOKE ALL ON FUNCTION acts_in_organization(uuid, uuid, timestamptz, boolean), entered_organization(uuid, uuid, timestamptz, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION acts_in_organization(uuid, uuid, timestamptz, boolean), entered_organization(uuid, uuid, timestamptz, boolean)
  TO identity_app, identity_all_tenants;
