export * from './assignment.service.js';
export * from './decision.service.js';
export * from './grant.service.js';
export * from './permission.service.js';
export * from './role.service.js';
export * from './subject.service.js';
export * from './system-roles.js';
