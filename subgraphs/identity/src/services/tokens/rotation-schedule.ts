import { Periodic } from '@platform/foundation/lifecycle';
import type { Logger } from '@platform/foundation/logging';
import { withTenant } from '@platform/postgres/tenancy';
import type { KeyRotation } from './key-rotation.js';

/**
 * Looks every so often whether the signing keys are due. Every identity process does; the first to get the lock rotates.
 * @param interval in ms. @param tenantId of the events of a rotation.
 */
export const rotationSchedule = (rotation: KeyRotation, interval: number, tenantId: string, logger: Logger): Periodic =>
  new Periodic(
    async () => {
      const key = await withTenant(tenantId, () => rotation.rotateWhenDue());
      if (key) logger.info({ keyId: key.kid, signsFrom: key.signsFrom }, 'signing keys rotated');
    },
    { name: 'key-rotation', interval, failure: 'signing key rotation failed; retrying at the next check', logger },
  );
