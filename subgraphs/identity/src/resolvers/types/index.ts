export * from './auth-payload.js';
export * from './inputs.js';
export * from './register-payload.js';
export * from './session-view.js';
export * from './user-filter-input.js';
export * from './user-view.js';
