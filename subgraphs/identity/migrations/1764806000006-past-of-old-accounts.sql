-- Apart from the new columns, so that the table is not locked while every account is looked at.
UPDATE users SET ever_verified = true
  WHERE email_verified OR EXISTS (SELECT FROM sessions WHERE user_id = users.id) OR EXISTS (SELECT FROM credentials WHERE user_id = users.id);
