import { emailVerified } from '@platform/contracts';
import { type EventHandler, onEvent } from '@platform/outbox';
import type { OrganizationCreation } from '../services/organizations/index.js';

/** Whoever has verified their address and belongs to no organization gets one of their own, where that is configured. */
export const foundPersonalOrganizationWhenVerified = (organizations: OrganizationCreation): EventHandler =>
  onEvent('identity.found-personal-organization', emailVerified, ({ data }) =>
    organizations.createPersonal(data.userId),
  );
