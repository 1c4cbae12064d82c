export * from './mail-queue.js';
export * from './mail-refused.js';
export * from './mailbox.js';
export * from './mailer.js';
export * from './smtp-mailer.js';
