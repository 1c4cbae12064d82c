export * from './assignment.js';
export * from './errors.js';
export * from './permission.js';
export * from './role.js';
export * from './role-permission.js';
export * from './subject.js';
export * from './system-role.js';
export * from './user.js';
