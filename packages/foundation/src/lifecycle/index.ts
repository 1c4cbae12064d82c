export { attemptEach } from './attempt-each.js';
export { Lifecycle, type LifecycleComponent } from './lifecycle.js';
export { Periodic } from './periodic.js';
export { runUntilSignal } from './run-until-signal.js';
