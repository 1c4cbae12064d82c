import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Files of one certificate, in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** An authority of the test, whose certificates are good for a day. Made by the machine's openssl. */
export class TestAuthority {
  private readonly directory = mkdtempSync(join(tmpdir(), 'authority-'));
  readonly ca: Certificate = { cert: this.file('ca.pem'), key: this.file('ca.key') };

  constructor() {
    this.openssl('req', '-x509', ...KEY, '-keyout', this.ca.key, '-out', this.ca.cert, '-subj', '/CN=authority');
  }

  /** A certificate for the name, which a server and a client may show. */
  issue(name: string): Certificate {
    const [request, cert, key, extensions] = ['csr', 'pem', 'key', 'ext'].map((end) => this.file(`${name}.${end}`)) as [
      string,
      string,
      string,
      string,
    ];
    writeFileSync(extensions, `subjectAltName=DNS:${name}\n`);
    this.openssl('req', ...KEY, '-keyout', key, '-out', request, '-subj', `/CN=${name}`);
    const signed = ['-CA', this.ca.cert, '-CAkey', this.ca.key, '-CAcreateserial', '-extfile', extensions];
    this.openssl('x509', '-req', '-in', request, '-out', cert, '-days', '1', ...signed);
    return { cert, key };
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  private file(name: string): string {
    return join(this.directory, name);
  }

  private openssl(...args: string[]): void {
    execFileSync('openssl', args, { stdio: 'ignore' });
  }
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** What the files hold. */
export const contents = ({ cert, key }: Certificate) => ({ cert: readFileSync(cert), key: readFileSync(key) });
