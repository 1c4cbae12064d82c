export { archivableMonths, archivedRuns, archiveMonth } from './archive.js';
export { DOWNLOAD_PATH, DownloadLinks, downloadTarget } from './download-links.js';
export { downloadRoute } from './download-route.js';
export { ExportFiles } from './export-files.js';
export { ExportFormat, ExportStatus } from './export-job.js';
export { ExportJobs } from './export-jobs.js';
export { csvLines, jsonLines } from './export-log.js';
export { verifyExport } from './verify-export.js';
