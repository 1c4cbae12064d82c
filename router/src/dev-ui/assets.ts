import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file as it is sent. `etag` changes with its content. */
export interface Asset {
  readonly body: Buffer;
  readonly contentType: string;
  readonly etag: string;
}

const contentTypes = new Map([
  ['.css', 'text/css; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
]);

const ownFiles = [
  'auth-complete.js',
  'confirm-email-change.js',
  'editor.js',
  'example-list.js',
  'examples.js',
  'explorer.css',
  'explorer.js',
  'external-login.js',
  'graphql.js',
  'icon.svg',
  'invitation.js',
  'journey.js',
  'link-form.js',
  'mailbox.css',
  'mailbox.js',
  'page.css',
  'plain-explorer.js',
  'reset-password.js',
  'revert-email-change.js',
  'session.js',
  'session-bar.js',
  'subscribe.js',
  'verify-email.js',
];

const require = createRequire(import.meta.url);
const folderOf = (dependency: string): string => dirname(require.resolve(`${dependency}/package.json`));
const publicFolder = fileURLToPath(new URL('../../public/', import.meta.url));

/** Every file that can be fetched. A name that is not listed here is never turned into a path. */
const paths: ReadonlyMap<string, string> = new Map([
  ...ownFiles.map((name) => [name, join(publicFolder, name)] as const),
  ['react.js', join(folderOf('react'), 'umd/react.production.min.js')],
  ['react-dom.js', join(folderOf('react-dom'), 'umd/react-dom.production.min.js')],
  ['graphiql.js', join(folderOf('graphiql'), 'graphiql.min.js')],
  ['graphiql.css', join(folderOf('graphiql'), 'graphiql.min.css')],
]);

/** The asset of that name, read anew so that an edited file shows on reload; undefined for an unknown one. */
export async function readAsset(name: string): Promise<Asset | undefined> {
  const path = paths.get(name);
  if (!path) return undefined;
  const body = await readFile(path);
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  return { body, contentType: contentTypes.get(extname(name)) ?? 'application/octet-stream', etag };
}
