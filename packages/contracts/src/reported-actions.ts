/** What processes of the platform report to the audit log by `recordAuditEntry`, beside what events tell: by the name of their service principal. */
export const reportedActions = {
  router: ['platform.authorization.denied', 'platform.data.read'],
} as const;

/** An action that the service may report. */
export type ReportedAction<Service extends keyof typeof reportedActions> = (typeof reportedActions)[Service][number];
