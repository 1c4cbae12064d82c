export { Lifecycle, type Part } from './lifecycle.js';
export { runUntilSignal } from './run-until-signal.js';
