export * from './every-transport.js';
