/** Who makes a call, as the router has established it: the subject, and every permission code in effect. */
export interface Caller {
  readonly kind: 'anonymous' | 'user' | 'service';
  /** The signed-in user; null for anonymous callers and services. */
  readonly userId: string | null;
  readonly sessionId: string | null;
  readonly tenantId: string;
  /** `undecidedPermissions` while nobody can tell them: whoever asks for one gets SERVICE_UNAVAILABLE. */
  readonly permissions: ReadonlySet<string>;
  /** The name of the calling process, for service principals. */
  readonly service: string | null;
}

/** The tenant of callers who act in no organization: a user without a membership, or an anonymous caller who names one that does not exist. It owns nothing. */
export const NO_ORGANIZATION = '00000000-0000-0000-0000-000000000000';

/** A caller that is one of the platform's own processes, holding just the given permissions. */
export const serviceCaller = (service: string, tenantId: string, permissions: Iterable<string> = []): Caller => ({
  kind: 'service',
  userId: null,
  sessionId: null,
  tenantId,
  permissions: new Set(permissions),
  service,
});

/** A caller who has not signed in. */
export const anonymousCaller = (tenantId: string, permissions: Iterable<string> = []): Caller => ({
  kind: 'anonymous',
  userId: null,
  sessionId: null,
  tenantId,
  permissions: new Set(permissions),
  service: null,
});

/** A signed-in user within one of their sessions. */
export const userCaller = (
  userId: string,
  sessionId: string | null,
  tenantId: string,
  permissions: Iterable<string> = [],
): Caller => ({ kind: 'user', userId, sessionId, tenantId, permissions: new Set(permissions), service: null });
