-- Holders of a role in their order. Building it reads the table once, under a lock that lets readers go on and changes wait: about a second for each
-- million assignments.
CREATE INDEX assignments_role_user ON assignments (role_id, user_id);
DROP INDEX assignments_role;
