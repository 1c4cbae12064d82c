export * from './assignment.entity.js';
export * from './errors.js';
export * from './permission.entity.js';
export * from './role.entity.js';
export * from './role-permission.entity.js';
export * from './subject.entity.js';
export * from './system-role.js';
export * from './user.entity.js';
