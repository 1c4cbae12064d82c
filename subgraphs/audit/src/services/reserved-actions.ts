import type { Caller } from '@platform/auth';
import * as contracts from '@platform/contracts';

const { permissions, reportedActions } = contracts;

/** The first words of actions that are the platform's own: what it says in the log nobody else can say. */
const RESERVED: ReadonlySet<string> = new Set([
  'platform',
  ...Object.values(permissions).map(({ module }) => module),
  ...Object.values(contracts).flatMap((each) => ('type' in each ? [firstWord(each.type)] : [])),
]);

/** Whether the action is named like one of the platform's, in whatever case: such an entry says nothing personal but its origin. */
export const isReserved = (action: string): boolean =>
  RESERVED.has(firstWord(action)) || RESERVED.has(firstWord(action).split(/[-_]/, 1)[0] as string);

/** Whether the caller may record the action. Those of the platform only its processes report, each its own. */
export function mayReport(action: string, { kind, service }: Caller): boolean {
  if (!isReserved(action)) return true;
  const reported: Readonly<Record<string, readonly string[]>> = reportedActions;
  return (
    kind === 'service' &&
    service !== null &&
    Object.hasOwn(reported, service) &&
    reported[service]?.includes(action) === true
  );
}

function firstWord(action: string): string {
  return (action.split('.', 1)[0] as string).toLowerCase();
}
