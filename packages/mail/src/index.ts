export { MailRefused } from './mail-refused.js';
export { type KeptMail, Mailbox } from './mailbox.js';
export type { Mail, Mailer } from './mailer.js';
export { SmtpMailer } from './smtp-mailer.js';
