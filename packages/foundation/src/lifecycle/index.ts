export { Lifecycle, type LifecycleComponent } from './lifecycle.js';
export { runUntilSignal } from './run-until-signal.js';
