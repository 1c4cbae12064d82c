import { membershipCreated } from '@platform/contracts';
import { type EventHandler, onEvent } from '@platform/outbox';
import type { MemberService } from '../services/index.js';

/** A user became a member. Identity has called authz in the same request; a member without a role gets that of users. */
export const assignUserRoleWhenMembershipCreated = (members: MemberService): EventHandler =>
  onEvent('authz.assign-user-role-when-membership-created', membershipCreated, ({ data }, tx) =>
    members.joined(tx, data.userId),
  );
