export * from './lifecycle.js';
export * from './run-until-signal.js';
