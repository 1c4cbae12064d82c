import type { GraphQLClient } from '@platform/testkit';

/** One pixel. */
export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** Sends the image as a client would, through the router at `origin`, and makes it the post's. Answers the path of its link. */
export async function sendCoverImage(client: GraphQLClient, postId: string, origin: string): Promise<string> {
  const { uploadCoverImage: upload } = await client.data(
    `mutation ($postId: ID!, $input: UploadCoverImageInput!) {
       uploadCoverImage(postId: $postId, input: $input) { id url method headers { name value } }
     }`,
    { postId, input: { contentType: 'image/png', size: PNG.length } },
  );
  const sent = await fetch(`${origin}${pathOf(upload.url)}`, {
    method: upload.method,
    headers: upload.headers.map(({ name, value }: { name: string; value: string }) => [name, value]),
    body: PNG,
  });
  if (sent.status !== 201) throw new Error(`The image was answered with ${sent.status}: ${await sent.text()}`);
  const { setCoverImage } = await client.data(
    `mutation ($postId: ID!, $uploadId: ID!) {
       setCoverImage(postId: $postId, uploadId: $uploadId) { coverImage { url contentType size } }
     }`,
    { postId, uploadId: upload.id },
  );
  return pathOf(setCoverImage.coverImage.url);
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}
