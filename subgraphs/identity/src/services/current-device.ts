import { networkOf } from '@platform/foundation/fair-shares';
import { requestContext } from '@platform/foundation/logging';
import type { Device } from '../entities/index.js';

const MAX_USER_AGENT_LENGTH = 512;

/** Where the current request comes from, as the router tells. */
export function currentDevice(): Device {
  const { clientIp, userAgent } = requestContext.current() ?? {};
  return { ipAddress: clientIp ?? null, userAgent: userAgent?.slice(0, MAX_USER_AGENT_LENGTH) ?? null };
}

/** The network that the current request comes from; null when nobody tells. */
export function currentNetwork(): string | null {
  const { ipAddress } = currentDevice();
  return ipAddress === null ? null : networkOf(ipAddress);
}
