import * as contracts from '@platform/contracts';
import type { Caller } from '@platform/kernel/auth';

const { permissions, reportedActions } = contracts;

/** The first words of actions that are the platform's own: what it says in the log nobody else can say. */
const RESERVED: ReadonlySet<string> = new Set([
  'platform',
  ...Object.values(permissions).map(({ module }) => module),
  ...Object.values(contracts).flatMap((each) => ('type' in each ? [firstWord(each.type)] : [])),
]);

/** Whether the caller must not report the action: it is named like an event of the platform, and is none of those that this service reports. */
export function isReserved(action: string, { kind, service }: Caller): boolean {
  if (!RESERVED.has(firstWord(action))) return false;
  const reported: Readonly<Record<string, readonly string[]>> = reportedActions;
  return !(
    kind === 'service' &&
    service !== null &&
    Object.hasOwn(reported, service) &&
    reported[service]?.includes(action)
  );
}

function firstWord(action: string): string {
  return action.split('.', 1)[0] as string;
}
