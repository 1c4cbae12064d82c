-- Mails wait for the tenant of their event, as events do. Accounts are global: their tables have no policy (docs/security.md).
SET LOCAL lock_timeout = '10s';
ALTER TABLE mail_queue ADD COLUMN tenant_id uuid NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001';
SELECT isolate_tenants('mail_queue');
