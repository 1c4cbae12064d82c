import type { Clock } from '@platform/foundation/clock';
import type { Logger } from '@platform/foundation/logging';
import { isUniqueViolation } from '@platform/postgres/database';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { EntityManager } from 'typeorm';
import { parse as uuidBytes, v7 as uuidv7 } from 'uuid';
import { InvalidPasskey, Passkey, type User } from '../../entities/index.js';

/** Who passkeys are for. */
export interface RelyingParty {
  /** A domain: passkeys work there and in its subdomains. */
  readonly id: string;
  readonly name: string;
  /** Of the pages that ask for passkeys. */
  readonly origins: readonly string[];
}

const MAX_CREDENTIAL_ID_BYTES = 1023;
const MAX_TRANSPORTS = 10;

/** Loaded once somebody has a passkey. */
const webauthn = () => import('@simplewebauthn/server');

/** WebAuthn credentials: made and answered with user verification, so that one stands for two factors. */
export class Passkeys {
  constructor(
    private readonly party: RelyingParty,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** PublicKeyCredentialRequestOptionsJSON for an authenticator that has one of the passkeys, or any of this party. */
  async requestOptions(signed: string, passkeys?: readonly Passkey[]): Promise<unknown> {
    const { generateAuthenticationOptions } = await webauthn();
    return generateAuthenticationOptions({
      rpID: this.party.id,
      challenge: bytes(signed),
      userVerification: 'required',
      ...(passkeys && { allowCredentials: passkeys.map(descriptorOf) }),
    });
  }

  /** PublicKeyCredentialCreationOptionsJSON for an authenticator that has none of the user's passkeys. */
  async creationOptions(signed: string, user: User, passkeys: readonly Passkey[]): Promise<unknown> {
    const { generateRegistrationOptions } = await webauthn();
    return generateRegistrationOptions({
      rpID: this.party.id,
      rpName: this.party.name,
      challenge: bytes(signed),
      userID: uuidBytes(user.id),
      userName: user.email ?? user.username,
      userDisplayName: user.displayName,
      attestationType: 'none',
      excludeCredentials: passkeys.map(descriptorOf),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
  }

  of(manager: EntityManager, userId: string): Promise<Passkey[]> {
    return manager.find(Passkey, { where: { userId }, order: { createdAt: 'DESC', id: 'DESC' } });
  }

  /** The passkey that the answer names; null for none. Nothing is verified. */
  async named(manager: EntityManager, answer: unknown): Promise<Passkey | null> {
    const credentialId = credentialIdOf(answer);
    return credentialId && manager.findOneBy(Passkey, { credentialId });
  }

  /**
   * Whether the answer is of a passkey of the user, signed for the challenge, by this party's page, with the user verified. The user's row
   * is locked. A synchronised passkey is counted by each device; a device-bound one that counts back was copied.
   */
  async redeem(tx: EntityManager, userId: string, signed: string, answer: unknown): Promise<boolean> {
    const passkey = await this.named(tx, answer);
    const response = answer as AuthenticationResponseJSON;
    if (passkey?.userId !== userId || !isOf(userId, response)) return false;
    const verified = await this.verified(passkey, signed, response);
    if (!verified) return false;
    const { newCounter, credentialBackedUp } = verified;
    if (newCounter < passkey.counter) {
      this.logger.info({ passkeyId: passkey.id }, 'the counter of a synchronised passkey went back');
    }
    const used = { counter: newCounter, synced: passkey.synced || credentialBackedUp, lastUsedAt: this.clock.now() };
    await tx.update(Passkey, { id: passkey.id }, used);
    return true;
  }

  /** Keeps the passkey that the browser made for the user. @throws InvalidPasskey */
  async register(
    tx: EntityManager,
    userId: string,
    signed: string,
    { answer, name }: { readonly answer: unknown; readonly name: string },
  ): Promise<Passkey> {
    const { verifyRegistrationResponse } = await webauthn();
    const { registrationInfo } = await verifyRegistrationResponse({
      response: answer as RegistrationResponseJSON,
      expectedChallenge: signed,
      expectedOrigin: [...this.party.origins],
      expectedRPID: this.party.id,
      requireUserVerification: true,
    }).catch((error: unknown) => {
      this.logger.info({ err: error }, 'passkey registration rejected');
      throw new InvalidPasskey();
    });
    if (!registrationInfo) throw new InvalidPasskey();
    const { credential, credentialBackedUp } = registrationInfo;
    const passkey = Object.assign(new Passkey(), {
      id: uuidv7(),
      userId,
      credentialId: bytes(credential.id),
      publicKey: Buffer.from(credential.publicKey),
      counter: credential.counter,
      transports: transportsOf(credential.transports),
      synced: credentialBackedUp,
      name,
      createdAt: this.clock.now(),
      lastUsedAt: null,
    });
    await tx.insert(Passkey, passkey).catch((error) => {
      throw isUniqueViolation(error, 'passkeys_credential_id_key') ? new InvalidPasskey() : error;
    });
    return passkey;
  }

  async removeAll(tx: EntityManager, userId: string): Promise<void> {
    await tx.delete(Passkey, { userId });
  }

  private async verified(passkey: Passkey, signed: string, response: AuthenticationResponseJSON) {
    const { verifyAuthenticationResponse } = await webauthn();
    try {
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        response,
        expectedChallenge: signed,
        expectedOrigin: [...this.party.origins],
        expectedRPID: this.party.id,
        credential: {
          id: passkey.credentialId.toString('base64url'),
          publicKey: new Uint8Array(passkey.publicKey),
          counter: passkey.synced ? 0 : passkey.counter,
        },
        requireUserVerification: true,
      });
      return verified ? authenticationInfo : null;
    } catch (error) {
      this.logger.info({ err: error, passkeyId: passkey.id }, 'passkey rejected');
      return null;
    }
  }
}

const bytes = (text: string): Buffer<ArrayBuffer> => Buffer.from(text, 'base64url');

const descriptorOf = ({ credentialId, transports }: Passkey) => ({
  id: credentialId.toString('base64url'),
  transports,
});

/** An authenticator that says whose the passkey is must mean its user. */
function isOf(userId: string, { response }: AuthenticationResponseJSON): boolean {
  const handle: unknown = response?.userHandle;
  return handle == null || handle === '' || handle === Buffer.from(uuidBytes(userId)).toString('base64url');
}

/** What is said to reach the authenticator by, as far as it is a list of words. */
const transportsOf = (said: unknown): string[] =>
  (Array.isArray(said) ? said : [])
    .filter((transport) => typeof transport === 'string' && /^[a-z-]{1,32}$/.test(transport))
    .slice(0, MAX_TRANSPORTS);

function credentialIdOf(answer: unknown): Buffer | null {
  const id: unknown = (answer as { id?: unknown } | null)?.id;
  if (typeof id !== 'string' || id.length > 2 * MAX_CREDENTIAL_ID_BYTES) return null;
  const credentialId = bytes(id);
  return credentialId.length > 0 && credentialId.length <= MAX_CREDENTIAL_ID_BYTES ? credentialId : null;
}
