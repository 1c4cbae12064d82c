import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import type { Mail, Mailer } from './mailer.js';

/** A mail as the development mailbox keeps it; `sentAt` is RFC 3339. */
export interface StoredMail extends Mail {
  readonly sentAt: string;
}

/** Mail of the development topology: one file each in a folder, which any process of the machine can read. */
export class Mailbox implements Mailer {
  constructor(private readonly directory: string) {}

  async send(mail: Mail): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    const kept: StoredMail = { ...mail, sentAt: new Date().toISOString() };
    const path = join(this.directory, `${uuidv7()}.json`);
    await writeFile(`${path}.part`, JSON.stringify(kept, null, 2));
    await rename(`${path}.part`, path);
  }

  /** Newest first; of one recipient, when given. */
  async list(to?: string): Promise<StoredMail[]> {
    const files = await readdir(this.directory).catch(() => []);
    const names = files
      .filter((name) => name.endsWith('.json'))
      .sort()
      .reverse();
    const mails = await Promise.all(
      names.map(async (name) => JSON.parse(await readFile(join(this.directory, name), 'utf8'))),
    );
    return to === undefined ? mails : mails.filter((mail) => mail.to.toLowerCase() === to.toLowerCase());
  }
}
