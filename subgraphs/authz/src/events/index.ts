export { assignUserRoleWhenUserCreated } from './assign-user-role-when-user-created.js';
export { assignUserRoleWhenUserRegistered } from './assign-user-role-when-user-registered.js';
export { eraseEventCopiesWhenUserDeleted } from './erase-event-copies-when-user-deleted.js';
export { refreshStateWhenUserLocked } from './refresh-state-when-user-locked.js';
export { refreshStateWhenUserUnlocked } from './refresh-state-when-user-unlocked.js';
export { removeRoleAssignmentsWhenUserDeleted } from './remove-role-assignments-when-user-deleted.js';
