import { emailVerified } from '@platform/contracts';
import { type EventHandler, onEvent } from '@platform/outbox';
import type { OrganizationCreation } from '../services/organizations/index.js';

/** A user with a verified address and no membership gets an organization of their own, where that is configured. */
export const foundPersonalOrganizationWhenVerified = (organizations: OrganizationCreation): EventHandler =>
  onEvent('identity.found-personal-organization', emailVerified, ({ data }) =>
    organizations.createPersonal(data.userId),
  );
