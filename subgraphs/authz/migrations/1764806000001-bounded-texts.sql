-- What the kinds of text let through holds in the database as well. Codes of modules that are gone stay.
ALTER TABLE roles ADD CONSTRAINT roles_texts CHECK (char_length(name) <= 50 AND char_length(description) <= 500);
ALTER TABLE role_permissions ADD CONSTRAINT role_permissions_texts CHECK (char_length(permission) <= 200);
