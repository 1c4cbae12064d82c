/** Who makes a call, as the router has established it: the subject, and every permission code in effect. */
export interface Caller {
  readonly kind: 'anonymous' | 'user' | 'service' | 'service_account';
  /** The signed-in user, or the one whose API key it is; null for anonymous callers, services and service accounts. */
  readonly userId: string | null;
  readonly sessionId: string | null;
  /** The API key by which a machine calls; null for people. */
  readonly apiKeyId: string | null;
  readonly serviceAccountId: string | null;
  readonly tenantId: string;
  /** `undecidedPermissions` while nobody can tell them: whoever asks for one gets SERVICE_UNAVAILABLE. */
  readonly permissions: ReadonlySet<string>;
  /** The name of the calling process, for service principals. */
  readonly service: string | null;
}

/** The tenant of callers who act in no organization: a user without a membership, or an anonymous caller who names one that does not exist. It owns nothing. */
export const NO_ORGANIZATION = '00000000-0000-0000-0000-000000000000';

const NOBODY = { userId: null, sessionId: null, apiKeyId: null, serviceAccountId: null, service: null };

/** A caller that is one of the platform's own processes, holding just the given permissions. */
export const serviceCaller = (service: string, tenantId: string, permissions: Iterable<string> = []): Caller => ({
  ...NOBODY,
  kind: 'service',
  tenantId,
  permissions: new Set(permissions),
  service,
});

/** A caller who has not signed in. */
export const anonymousCaller = (tenantId: string, permissions: Iterable<string> = []): Caller => ({
  ...NOBODY,
  kind: 'anonymous',
  tenantId,
  permissions: new Set(permissions),
});

/** A signed-in user within one of their sessions. */
export const userCaller = (
  userId: string,
  sessionId: string | null,
  tenantId: string,
  permissions: Iterable<string> = [],
): Caller => ({ ...NOBODY, kind: 'user', userId, sessionId, tenantId, permissions: new Set(permissions) });

/** Whom an API key acts for: a user, or a service account of the organization. */
export type ApiKeyOwner = { readonly userId: string } | { readonly serviceAccountId: string };

/** A program with an API key. */
export const apiKeyCaller = (
  apiKeyId: string,
  owner: ApiKeyOwner,
  tenantId: string,
  permissions: Iterable<string> = [],
): Caller => ({
  ...NOBODY,
  ...owner,
  kind: 'userId' in owner ? 'user' : 'service_account',
  apiKeyId,
  tenantId,
  permissions: new Set(permissions),
});

/** Whether a program calls by a key, and not a person in a session: it changes no accounts, credentials, sessions, keys or memberships. */
export const isMachine = ({ apiKeyId }: Pick<Caller, 'apiKeyId'>): boolean => apiKeyId !== null;

/** Who calls, as one id: that of the user, of the service account, or the name of the process; null for anonymous callers. */
export const principalOf = ({
  userId,
  serviceAccountId,
  service,
}: Pick<Caller, 'userId' | 'serviceAccountId' | 'service'>): string | null => userId ?? serviceAccountId ?? service;
