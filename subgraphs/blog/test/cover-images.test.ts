import { mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blog } from '@platform/blog';
import { type SubgraphClient, useSubgraph } from '@platform/testkit';
import { DELETE } from './operations.js';
import { draftOf, guest, moderator, postOf, writer } from './people.js';

const UPLOAD = `mutation ($postId: ID!, $input: UploadCoverImageInput!) {
  uploadCoverImage(postId: $postId, input: $input) { id url method headers { name value } expiresAt }
}`;
const COVER = 'id version coverImage { url expiresAt contentType size }';
const SET = `mutation ($postId: ID!, $uploadId: ID!) { setCoverImage(postId: $postId, uploadId: $uploadId) { ${COVER} } }`;
const REMOVE = `mutation ($postId: ID!) { removeCoverImage(postId: $postId) { ${COVER} } }`;
const POST = `query ($id: ID!) { post(id: $id) { ${COVER} } }`;

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const GIF = Buffer.from('R0lGODlhAQABAAAAACw=', 'base64');

describe('the cover image of a post', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'platform-covers-'));
  const harness = useSubgraph(blog, { set: [`platform.dataDir=${dataDir}`] });
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  const folderOf = (postId: string) => join(dataDir, 'blobs/blog/cover-image', postId);

  async function uploaded(editor: SubgraphClient, postId: string, image = PNG, contentType = 'image/png') {
    const { uploadCoverImage: upload } = await editor.data(UPLOAD, {
      postId,
      input: { contentType, size: image.length },
    });
    const headers = Object.fromEntries(
      upload.headers.map(({ name, value }: { name: string; value: string }) => [name, value]),
    );
    const sent = await harness.send({ method: upload.method, url: upload.url, headers, payload: image });
    expect(sent.status).toBe(201);
    return upload;
  }
  async function covered(editor: SubgraphClient, postId: string, image = PNG, contentType = 'image/png') {
    const { id } = await uploaded(editor, postId, image, contentType);
    return (await editor.data(SET, { postId, uploadId: id })).setCoverImage;
  }
  const types = async (postId: string) =>
    (await harness.outbox()).filter(({ subject }) => subject === postId).map(({ type }) => type);

  it('is sent beside GraphQL, and shown to whoever may read the post', async () => {
    const author = writer(harness);
    const post = await postOf(author);
    expect((await guest(harness).data(POST, { id: post.id })).post).toMatchObject({ coverImage: null });

    const { coverImage, version } = await covered(author, post.id);

    expect(version).toBe(post.version + 1);
    expect(coverImage).toMatchObject({ contentType: 'image/png', size: PNG.length });
    expect(await types(post.id)).toEqual([
      'blog.post.created',
      'blog.post.published',
      'blog.post.cover_requested',
      'blog.post.updated',
    ]);
    const { post: read } = await guest(harness).data(POST, { id: post.id });
    const { status, headers, bytes } = await harness.send({ method: 'GET', url: read.coverImage.url });
    expect([status, headers['content-type'], bytes.equals(PNG)]).toEqual([200, 'image/png', true]);
  });

  it('takes the place of the one before, whose file goes', async () => {
    const author = writer(harness);
    const { id } = await draftOf(author);
    const first = await covered(author, id);
    const second = await covered(author, id, GIF, 'image/gif');

    expect(second.coverImage).toMatchObject({ contentType: 'image/gif', size: GIF.length });
    expect((await harness.send({ method: 'GET', url: first.coverImage.url })).status).toBe(404);
    expect(readdirSync(folderOf(id))).toHaveLength(1);
    const again = await author.data(SET, { postId: id, uploadId: readdirSync(folderOf(id))[0] });
    expect(again.setCoverImage).toMatchObject({ version: second.version });
  });

  it('can be taken away, and goes with its post', async () => {
    const author = writer(harness);
    const { id } = await draftOf(author);
    const { version } = await covered(author, id);

    const removed = (await author.data(REMOVE, { postId: id })).removeCoverImage;
    expect(removed).toMatchObject({ version: version + 1, coverImage: null });
    expect(readdirSync(folderOf(id))).toEqual([]);
    expect((await author.data(REMOVE, { postId: id })).removeCoverImage).toEqual(removed);

    await covered(author, id);
    await uploaded(author, id);
    await author.data(DELETE, { id });
    expect(readdirSync(folderOf(id))).toEqual([]);
  });

  it('leaves nothing behind of what was sent and then forgotten', async () => {
    const author = writer(harness);
    const { id } = await draftOf(author);
    const forgotten = await uploaded(author, id);
    const waiting = await uploaded(author, id);
    const current = await uploaded(author, id);
    const long = new Date(harness.clock.now().getTime() - 25 * 60 * 60 * 1_000);
    for (const file of [forgotten.id, current.id]) utimesSync(join(folderOf(id), file), long, long);

    await author.data(SET, { postId: id, uploadId: current.id });

    expect(readdirSync(folderOf(id)).toSorted()).toEqual([waiting.id, current.id].toSorted());
    expect((await author.error(SET, { postId: id, uploadId: forgotten.id })).extensions?.code).toBe(
      'COVER_IMAGE_NOT_FOUND',
    );
  });

  it('is chosen by the author and by moderators, and by nobody else', async () => {
    const author = writer(harness);
    const post = await postOf(author);
    const input = { contentType: 'image/png', size: 1 };
    const { id: uploadId } = await uploaded(author, post.id);

    for (const [operation, variables] of [
      [UPLOAD, { postId: post.id, input }],
      [SET, { postId: post.id, uploadId }],
      [REMOVE, { postId: post.id }],
    ] as const) {
      expect((await writer(harness).error(operation, variables)).extensions?.code).toBe('POST_NOT_FOUND');
      expect((await guest(harness).error(operation, variables)).extensions?.code).toBe('UNAUTHORIZED_FIELD_OR_TYPE');
      expect((await author.error(operation, { ...variables, postId: 'none' })).extensions?.code).toBe('POST_NOT_FOUND');
    }
    const { setCoverImage } = await moderator(harness).data(SET, { postId: post.id, uploadId });
    expect(setCoverImage.coverImage).not.toBeNull();
  });

  it.each([
    ['image/svg+xml', 100, { 'input.contentType': expect.stringContaining('One of image/png') }],
    ['text/html', 0, { 'input.contentType': expect.anything(), 'input.size': 'At least one byte.' }],
    ['image/png', 5 * 1024 * 1024 + 1, { 'input.size': 'At most 5242880 bytes.' }],
    ['image/png', -1, { 'input.size': 'At least one byte.' }],
  ])('is an image of a size that a page can bear: %s of %d bytes is refused', async (contentType, size, fields) => {
    const author = writer(harness);
    const { id: postId } = await draftOf(author);
    const { extensions } = await author.error(UPLOAD, { postId, input: { contentType, size } });
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields });
    expect(await types(postId)).toEqual(['blog.post.created']);
  });

  it('is what it was said to be', async () => {
    const author = writer(harness);
    const { id: postId } = await draftOf(author);
    for (const [bytes, contentType] of [
      [Buffer.from('<script>alert(1)</script>'), 'image/png'],
      [GIF, 'image/webp'],
      [PNG.subarray(0, 3), 'image/png'],
    ] as const) {
      const { id: uploadId } = await uploaded(author, postId, bytes as Buffer<ArrayBuffer>, contentType);
      expect((await author.error(SET, { postId, uploadId })).extensions?.code).toBe('COVER_IMAGE_UNREADABLE');
    }
    expect((await author.data(POST, { id: postId })).post).toMatchObject({ version: 1, coverImage: null });
  });

  it('was sent for this post', async () => {
    const author = writer(harness);
    const [one, other] = [await draftOf(author), await draftOf(author)];
    const { id: uploadId } = await uploaded(author, other.id);
    const unsent = await author.data(UPLOAD, { postId: one.id, input: { contentType: 'image/png', size: 1 } });
    for (const id of [uploadId, unsent.uploadCoverImage.id, 'none', '', `../${other.id}/${uploadId}`, `${uploadId}x`]) {
      const { extensions } = await author.error(SET, { postId: one.id, uploadId: id });
      expect(extensions?.code).toBe('COVER_IMAGE_NOT_FOUND');
    }
  });
});

describe('the cover images of one author', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'platform-covers-'));
  const harness = useSubgraph(blog, { set: [`platform.dataDir=${dataDir}`, `blog.coverQuota=${10 * PNG.length}`] });
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  const variables = (postId: string, size: number) => ({ postId, input: { contentType: 'image/png', size } });
  const ask = async (author: SubgraphClient, postId: string, size: number) => {
    const { errors } = await author.request(UPLOAD, variables(postId, size));
    return errors?.[0]?.extensions?.code ?? 'OK';
  };
  const link = async (author: SubgraphClient, postId: string) =>
    (await author.data(UPLOAD, variables(postId, PNG.length))).uploadCoverImage;
  const send = ({ url, headers }: { url: string; headers: { name: string; value: string }[] }) =>
    harness.send({
      method: 'PUT',
      url,
      headers: Object.fromEntries(headers.map(({ name, value }) => [name, value])),
      payload: PNG,
    });

  it('take no more than their quota, with all that links may still bring, of any number of posts', async () => {
    const author = writer(harness);
    const posts = await Promise.all([1, 2, 3].map(() => draftOf(author)));
    const asked = await Promise.all(
      Array.from({ length: 30 }, (_, index) => ask(author, posts[index % 3].id, PNG.length)),
    );
    expect(asked.filter((answer) => answer === 'COVER_QUOTA_EXCEEDED')).toHaveLength(20);
    expect(await ask(writer(harness), posts[0].id, 1)).toBe('POST_NOT_FOUND');
    const other = writer(harness);
    expect(await ask(other, (await draftOf(other)).id, PNG.length)).toBe('OK');
  });

  it('free their places when they are removed, or not used for a day', async () => {
    const author = writer(harness);
    const { id: postId } = await draftOf(author);
    const kept = await link(author, postId);
    expect((await send(kept)).status).toBe(201);
    await author.data(SET, { postId, uploadId: kept.id });
    const abandoned = await link(author, postId);
    expect((await send(abandoned)).status).toBe(201);
    expect(await ask(author, postId, 8 * PNG.length)).toBe('OK');
    expect(await ask(author, postId, 1)).toBe('COVER_QUOTA_EXCEEDED');

    harness.clock.advance(24 * 3_600_000 + 1);
    expect(await ask(author, postId, 9 * PNG.length)).toBe('OK');
    expect(readdirSync(join(dataDir, 'blobs/blog/cover-image', postId))).toEqual([kept.id]);
    expect(await ask(author, postId, 1)).toBe('COVER_QUOTA_EXCEEDED');
    await author.data(REMOVE, { postId });
    expect(await ask(author, postId, PNG.length)).toBe('OK');
  });

  it('count after their post is gone as well, while its links are good', async () => {
    const author = writer(harness);
    for (let count = 0; count < 10; count += 1) {
      const { id } = await draftOf(author);
      expect(await ask(author, id, PNG.length)).toBe('OK');
      await author.data(DELETE, { id });
    }
    expect(await ask(author, (await draftOf(author)).id, 1)).toBe('COVER_QUOTA_EXCEEDED');
  });
});
