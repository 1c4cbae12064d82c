export { MailRejected } from './mail-rejected.js';
export { Mailbox, type StoredMail } from './mailbox.js';
export type { Mail, Mailer } from './mailer.js';
export { SmtpMailer } from './smtp-mailer.js';
