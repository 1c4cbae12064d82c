export * from './every-transport.js';
export * from './raw-requests.js';
