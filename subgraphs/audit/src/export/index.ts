export * from './archive.js';
export * from './download-links.js';
export * from './download-route.js';
export * from './export-files.js';
export * from './export-job.js';
export * from './export-jobs.js';
export * from './export-log.js';
export * from './verify-export.js';
