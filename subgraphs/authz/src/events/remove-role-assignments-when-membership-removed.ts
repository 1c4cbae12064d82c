import { membershipRemoved } from '@platform/contracts';
import { type EventHandler, onEvent } from '@platform/outbox';
import type { MemberService } from '../services/index.js';

/** A membership has ended. Identity has called authz in the same request, unless it was unavailable; the user may have joined again since. */
export const removeRoleAssignmentsWhenMembershipRemoved = (members: MemberService): EventHandler =>
  onEvent('authz.remove-role-assignments-when-membership-removed', membershipRemoved, ({ data }, tx) =>
    members.left(tx, data.userId),
  );
