/** Image types that every browser shows, with how their files end and, in hexadecimal, begin: what is sent need not be what it was said to be. */
const IMAGE_TYPES: Readonly<Record<string, { readonly ending: string; readonly begins: RegExp }>> = {
  'image/png': { ending: 'png', begins: /^89504e470d0a1a0a/ },
  'image/jpeg': { ending: 'jpg', begins: /^ffd8ff/ },
  'image/gif': { ending: 'gif', begins: /^47494638(37|39)61/ },
  'image/webp': { ending: 'webp', begins: /^52494646.{8}57454250/ },
  'image/avif': { ending: 'avif', begins: /^.{8}66747970617669(66|73)/ },
};

/** Bytes that tell the type of an image. */
export const MAGIC_BYTES = 16;
/** In bytes. */
export const MAX_COVER_SIZE = 5 * 1024 * 1024;

export const COVER_TYPES: readonly string[] = Object.keys(IMAGE_TYPES);

/** The file of a cover image that is to be sent: its own, whoever sends another meanwhile. */
export const newCoverFile = (type: string): string => `${crypto.randomUUID()}.${IMAGE_TYPES[type]?.ending}`;

/** The type that a file's name tells; undefined for one that is none of a cover image. */
export function coverTypeOf(file: string): string | undefined {
  const [, ending] = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\.([a-z]+)$/.exec(file) ?? [];
  return COVER_TYPES.find((type) => IMAGE_TYPES[type]?.ending === ending);
}

/** Whether the bytes begin an image of the type. */
export const isImage = (type: string, beginning: Buffer): boolean =>
  IMAGE_TYPES[type]?.begins.test(beginning.toString('hex')) ?? false;
