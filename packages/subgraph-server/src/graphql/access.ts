import { isMachine, isUndecided, type PermissionCode, PermissionsUnknown } from '@platform/auth';
import { SessionRequired, Unauthenticated, UnauthorizedFieldOrType } from '@platform/foundation/errors';
import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import { allow, chain, deny, rule, shield } from 'graphql-shield';
import type { SubgraphContext } from './subgraph-context.js';

type Rule = ReturnType<ReturnType<typeof rule>> | ReturnType<typeof chain> | typeof allow | typeof deny;

/** Access rules by type, then by field; `*` stands for every other field of a type. What is not named is refused. */
export type AccessRules = Record<string, Rule | Record<string, Rule>>;

/** Anyone may, also without signing in. */
export const everyone: Rule = allow;

/** Any signed-in user, and programs by their keys. */
export const authenticated: Rule = rule('authenticated', { cache: 'contextual' })(
  (_parent, _args, { caller }: SubgraphContext) =>
    caller.kind === 'user' || caller.kind === 'service_account' || new Unauthenticated(),
);

/** Everybody but programs: what they may do ends where accounts begin. */
const noMachine: Rule = rule('no-machine', { cache: 'contextual' })(
  (_parent, _args, { caller }: SubgraphContext) => !isMachine(caller) || new SessionRequired(),
);

/**
 * The mutations of a subgraph that has accounts, credentials, sessions, keys and memberships: machines are refused each with SESSION_REQUIRED,
 * whatever they hold, but for the named ones. A mutation that is added is refused to them until somebody names it.
 */
export const forPeople = (
  openToMachines: readonly string[],
  mutations: Readonly<Record<string, Rule>>,
): Record<string, Rule> =>
  Object.fromEntries(
    Object.entries(mutations).map(([name, given]) => [
      name,
      openToMachines.includes(name) ? given : chain(noMachine, given),
    ]),
  );

/** The platform's own processes only. */
export const services: Rule = rule('services', { cache: 'contextual' })(
  (_parent, _args, { caller }: SubgraphContext) => caller.kind === 'service' || new UnauthorizedFieldOrType(),
);

/** Holders of at least one of the permissions. Whose permissions are not known is not refused: SERVICE_UNAVAILABLE. */
export const permission = (...codes: [PermissionCode, ...PermissionCode[]]): Rule =>
  rule({ cache: 'contextual' })((_parent, _args, { caller }: SubgraphContext) => {
    if (isUndecided(caller)) return new PermissionsUnknown();
    return codes.some((code) => caller.permissions.has(code)) || new UnauthorizedFieldOrType();
  });

type Guard = (resolve: () => unknown, parent: unknown, args: unknown, context: unknown, info: unknown) => unknown;
type Guards = Record<string, Record<string, Guard>>;

/**
 * The middleware that enforces the rules. Federation's own entry points are open to every holder of a caller token; what they reach is
 * guarded by type. Fields that are open to everyone have none: asking on each of them costs more than most of them do.
 */
export function accessMiddleware(rules: AccessRules, schema: GraphQLSchema): Guards {
  const { Query = {}, ...types } = rules as Record<string, Record<string, Rule>>;
  const rootFields = schema.getQueryType()?.getFields() ?? {};
  const every: AccessRules = {
    Query: { ...allowed(['_service', '_entities'], rootFields), ...Query },
    ...allowed(['_Service', 'PageInfo'], schema.getTypeMap()),
    ...types,
  };
  const guards = shield(every as never, {
    fallbackRule: deny,
    fallbackError: new UnauthorizedFieldOrType(),
    allowExternalErrors: true,
  }).generate(schema) as unknown as Guards;
  return Object.fromEntries(Object.entries(guards).map(([type, ofFields]) => [type, guarding(ofFields, every[type])]));
}

/** Those of a type's guards that may refuse, by the rules of the type. */
function guarding(guards: Guards[string], rules: AccessRules[string] | undefined): Guards[string] {
  if (rules === allow) return {};
  const byField = (rules ?? {}) as Record<string, Rule>;
  return Object.fromEntries(Object.entries(guards).filter(([field]) => (byField[field] ?? byField['*']) !== allow));
}

/** Of the names, those that this subgraph has: not every one has entities or lists. */
const allowed = (names: readonly string[], present: Readonly<Record<string, unknown>>): Record<string, Rule> =>
  Object.fromEntries(names.filter((name) => name in present).map((name) => [name, allow]));

/** Lets the rules of subscription fields decide before a stream begins; the middleware alone would ask them with each event only. */
export function guardSubscriptions(schema: GraphQLSchema, rules: AccessRules): void {
  const { Subscription: guards = {} } = accessMiddleware(rules, schema);
  for (const field of Object.values(schema.getSubscriptionType()?.getFields() ?? {})) {
    const begin = field.subscribe as GraphQLFieldResolver<unknown, unknown> | undefined;
    if (!begin) throw new Error(`Subscription.${field.name} has no source`);
    const guard = guards[field.name];
    if (!guard) continue;
    field.subscribe = (parent, args, context, info) =>
      guard(() => begin(parent, args, context, info), parent, args, context, info);
  }
}

/** The directive by which the router admits holders of at least one of the permissions. */
export const policy = (...codes: [PermissionCode, ...PermissionCode[]]): string =>
  `@policy(policies: [${codes.map((code) => `["${code}"]`).join(', ')}])`;
