import { Secret, TOTP } from 'otpauth';

/** The six digits that an authenticator app with the Base32 secret shows. */
export const totpCode = (secret: string, now = new Date()): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: now.getTime() });
