import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';

/** What a test lets the authenticator do otherwise than it should. */
interface Deviation {
  readonly origin?: string;
  readonly rpId?: string;
  readonly userVerified?: boolean;
  readonly userHandle?: string | null;
  readonly type?: string;
}

interface Credential {
  readonly id: Buffer;
  readonly key: KeyObject;
  readonly userHandle: string;
}

interface CreationOptions {
  readonly challenge: string;
  readonly rp: { readonly id: string };
  readonly user: { readonly id: string };
}

interface RequestOptions {
  readonly challenge: string;
  readonly rpId: string;
  readonly allowCredentials?: readonly { readonly id: string }[];
}

const UP = 0x01;
const UV = 0x04;
const BACKUP_ELIGIBLE = 0x08;
const BACKED_UP = 0x10;
const ATTESTED = 0x40;

/** A WebAuthn authenticator with one passkey in software: it answers what a browser would, or what an attacker might. */
export class SoftwareAuthenticator {
  counter = 0;
  private credential: Credential | undefined;

  /** @param origin of the page that asks. @param synced whether the passkey is copied between devices. */
  constructor(
    private readonly origin: string,
    readonly synced = false,
  ) {}

  /** Makes the passkey: RegistrationResponseJSON. */
  create(options: CreationOptions, deviation: Deviation = {}): Record<string, unknown> {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const id = randomBytes(32);
    this.credential = { id, key: privateKey, userHandle: options.user.id };
    const { x, y } = publicKey.export({ format: 'jwk' }) as { x: string; y: string };
    // COSE_Key: EC2, ES256, P-256.
    const cose = Buffer.concat([
      Buffer.from('a5010203262001215820', 'hex'),
      Buffer.from(x, 'base64url'),
      Buffer.from('225820', 'hex'),
      Buffer.from(y, 'base64url'),
    ]);
    const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, cose]);
    const authData = this.authData(options.rp.id, ATTESTED, attested, deviation);
    // { fmt: "none", attStmt: {}, authData }
    const attestation = Buffer.concat([
      Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746159', 'hex'),
      Buffer.from([authData.length >> 8, authData.length & 0xff]),
      authData,
    ]);
    return {
      id: id.toString('base64url'),
      rawId: id.toString('base64url'),
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON: this.clientData('webauthn.create', options.challenge, deviation).toString('base64url'),
        attestationObject: attestation.toString('base64url'),
        transports: ['internal'],
      },
    };
  }

  /** Signs with the passkey: AuthenticationResponseJSON. */
  get(options: RequestOptions, deviation: Deviation = {}): Record<string, unknown> {
    const { id, key, userHandle } = this.made();
    this.counter += 1;
    const authData = this.authData(options.rpId, 0, Buffer.alloc(0), deviation);
    const clientData = this.clientData('webauthn.get', options.challenge, deviation);
    const signed = Buffer.concat([authData, createHash('sha256').update(clientData).digest()]);
    return {
      id: id.toString('base64url'),
      rawId: id.toString('base64url'),
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        signature: createSign('sha256').update(signed).sign(key).toString('base64url'),
        userHandle: deviation.userHandle === undefined ? userHandle : deviation.userHandle,
      },
    };
  }

  /** Base64url id of the passkey. */
  get credentialId(): string {
    return this.made().id.toString('base64url');
  }

  private made(): Credential {
    if (!this.credential) throw new Error('The authenticator has no passkey yet');
    return this.credential;
  }

  private clientData(type: string, challenge: string, deviation: Deviation): Buffer {
    const data = { type: deviation.type ?? type, challenge, origin: deviation.origin ?? this.origin };
    return Buffer.from(JSON.stringify(data));
  }

  private authData(rpId: string, flags: number, rest: Buffer, { rpId: other, userVerified = true }: Deviation): Buffer {
    const verified = userVerified ? UV : 0;
    const backup = this.synced ? BACKUP_ELIGIBLE | BACKED_UP : 0;
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    return Buffer.concat([
      createHash('sha256')
        .update(other ?? rpId)
        .digest(),
      Buffer.from([UP | verified | backup | flags]),
      counter,
      rest,
    ]);
  }
}
