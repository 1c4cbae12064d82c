-- Looks at the rows from before without keeping anybody from reading or writing.
ALTER TABLE users VALIDATE CONSTRAINT users_texts;
ALTER TABLE registrations VALIDATE CONSTRAINT registrations_texts;
ALTER TABLE sessions VALIDATE CONSTRAINT sessions_texts;
ALTER TABLE refresh_tokens VALIDATE CONSTRAINT refresh_tokens_texts;
ALTER TABLE one_time_tokens VALIDATE CONSTRAINT one_time_tokens_texts;
