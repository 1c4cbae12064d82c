const PART = '[A-Za-z0-9_-]{1,100}';
const FOLDER = new RegExp(`^${PART}/${PART}/${PART}$`);
const KEY = new RegExp(`^${PART}/${PART}/${PART}/${PART}(\\.[a-z0-9]{1,10})?$`);

/** A key that could lead out of its folder, or that not every store can hold. */
export class InvalidBlobKey extends Error {
  override readonly name = 'InvalidBlobKey';

  constructor(key: string) {
    super(`${JSON.stringify(key)} is no key of a blob`);
  }
}

/** @throws InvalidBlobKey */
export function checkedKey(key: string): string {
  if (!KEY.test(key)) throw new InvalidBlobKey(key);
  return key;
}

/** @throws InvalidBlobKey */
export function checkedFolder(folder: string): string {
  if (!FOLDER.test(folder)) throw new InvalidBlobKey(folder);
  return folder;
}
