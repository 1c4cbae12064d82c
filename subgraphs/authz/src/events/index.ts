export * from './assign-user-role-when-user-created.js';
export * from './assign-user-role-when-user-registered.js';
export * from './erase-event-copies-when-user-deleted.js';
export * from './forget-holdings-when-user-deleted.js';
export * from './refresh-state-when-user-locked.js';
export * from './refresh-state-when-user-unlocked.js';
