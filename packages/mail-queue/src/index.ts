export { MailQueue } from './mail-queue.js';
