export * from './mailbox.js';
export * from './mailer.js';
