export { EmailChangeService } from './email-change.service.js';
export { EmailChangeMails } from './email-change-mails.js';
export { reservationOf } from './reserved-addresses.js';
