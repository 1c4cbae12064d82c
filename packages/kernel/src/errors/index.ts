export * from './coded-error.js';
export * from './connection-failure.js';
export * from './error-bus.js';
export * from './mask-error.js';
export * from './operator-error.js';
export * from './sentry-sink.js';
