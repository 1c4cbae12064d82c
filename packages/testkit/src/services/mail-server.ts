import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { eventually } from '../waiting/index.js';

/** A mail as its reader's program shows it, and how it was addressed on the wire. */
export interface ReceivedMail {
  readonly from: string;
  readonly recipients: readonly string[];
  readonly user: string | null;
  /** Whether it came over TLS. */
  readonly encrypted: boolean;
  readonly message: Email;
}

interface MailServerOptions {
  /** Whoever gives another user or password is refused. Without it nobody is asked. */
  readonly login?: { readonly user: string; readonly password: string };
  /** Offers STARTTLS: with this certificate (PEM), or with one that nobody trusts. */
  readonly tls?: boolean | { readonly cert: Buffer; readonly key: Buffer };
}

/** A real SMTP server on the loopback interface, which keeps what it takes. It can go away and come back on its port. */
export class MailServer {
  readonly mails: ReceivedMail[] = [];
  private readonly refused = new Map<string, number>();
  private server: SMTPServer | undefined;
  /** Connections that were made so far. */
  connections = 0;
  port = 0;

  constructor(private readonly options: MailServerOptions = {}) {}

  async start(): Promise<void> {
    const { login, tls = false } = this.options;
    const server = new SMTPServer({
      ...(typeof tls === 'object' && tls),
      authOptional: !login,
      allowInsecureAuth: true,
      disabledCommands: [...(tls ? [] : ['STARTTLS']), ...(login ? [] : ['AUTH'])],
      disableReverseLookup: true,
      closeTimeout: 100,
      onConnect: (_session, done) => {
        this.connections += 1;
        done();
      },
      onAuth: ({ username, password }, _session, done) => {
        if (username === login?.user && password === login?.password) done(null, { user: username });
        else done(smtpError(535, 'Wrong user or password'));
      },
      onRcptTo: ({ address }, _session, done) => {
        const code = this.refused.get(address);
        done(code === undefined ? null : smtpError(code, 'No such mailbox'));
      },
      onData: (stream, { envelope, user, secure }, done) => {
        void stream.toArray().then(async (chunks) => {
          this.mails.push({
            from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
            recipients: envelope.rcptTo.map(({ address }) => address),
            user: user ?? null,
            encrypted: secure,
            message: await PostalMime.parse(Buffer.concat(chunks)),
          });
          done();
        }, done);
      },
    });
    server.on('error', () => {}); // a client that leaves in the middle
    server.listen(this.port, '127.0.0.1');
    await once(server.server, 'listening');
    this.port = (server.server.address() as AddressInfo).port;
    this.server = server;
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server) await new Promise<void>((resolve) => server.close(resolve));
  }

  /** Answers the reply code to whoever writes to the address: 4yz for now, 5yz for ever; undefined takes it back. */
  refuse(address: string, code: number | undefined): void {
    if (code === undefined) this.refused.delete(address);
    else this.refused.set(address, code);
  }

  /** The newest mail to the address, as soon as there is one. */
  mailTo(address: string): Promise<ReceivedMail> {
    return eventually(() => {
      const mail = this.mails.findLast(({ recipients }) => recipients.includes(address));
      if (!mail) throw new Error(`No mail to ${address} has arrived`);
      return mail;
    });
  }
}

const smtpError = (responseCode: number, message: string): Error => Object.assign(new Error(message), { responseCode });
