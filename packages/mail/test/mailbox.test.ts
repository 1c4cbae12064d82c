import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Mailbox } from '@platform/mail';

describe('the mailbox', () => {
  let directory: string;
  let mailbox: Mailbox;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'platform-mailbox-'));
    mailbox = new Mailbox(join(directory, 'mailbox'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  const mailTo = (to: string, subject = 'Welcome') => ({
    to,
    subject,
    text: 'Hello',
    html: '<p>Hello</p>',
    links: ['http://localhost:4000/verify-email?token=t'],
  });

  it('is empty before the first mail', async () => {
    expect(await mailbox.list()).toEqual([]);
  });

  it('keeps a mail as it was sent, with the time', async () => {
    await mailbox.send(mailTo('ada@example.com'));

    const [kept] = await mailbox.list();

    expect(kept).toEqual({ ...mailTo('ada@example.com'), sentAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) });
  });

  it('lists the newest first, of everyone or of one recipient in whatever case', async () => {
    await mailbox.send(mailTo('ada@example.com', 'first'));
    await mailbox.send(mailTo('bob@example.com', 'second'));
    await mailbox.send(mailTo('ada@example.com', 'third'));

    const subjects = async (to?: string) => (await mailbox.list(to)).map(({ subject }) => subject);

    expect(await subjects()).toEqual(['third', 'second', 'first']);
    expect(await subjects('Ada@Example.com')).toEqual(['third', 'first']);
    expect(await subjects('nobody@example.com')).toEqual([]);
  });

  it('is shared by processes: another mailbox on the same folder sees the same mails', async () => {
    await Promise.all([1, 2, 3].map((n) => mailbox.send(mailTo(`user${n}@example.com`))));

    expect(await new Mailbox(join(directory, 'mailbox')).list()).toHaveLength(3);
  });

  it('shows no mail before it is whole, and leaves no half of one behind', async () => {
    const sent = Promise.all(Array.from({ length: 20 }, (_, n) => mailbox.send(mailTo('ada@example.com', `${n}`))));
    for (let look = 0; look < 20; look += 1) {
      for (const mail of await mailbox.list()) expect(mail.links).toHaveLength(1);
    }
    await sent;

    expect((await readdir(join(directory, 'mailbox'))).every((file) => file.endsWith('.json'))).toBe(true);
  });
});
