import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { type SealedPart, SubjectKey } from '../src/entities/index.js';

const keys = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));
const parts = fc.constantFrom<SealedPart>('origin', 'metadata', 'all', 'details');

describe('SubjectKey', () => {
  it('derives the keys of parts by HMAC-SHA256, each as if it were the first', () => {
    fc.assert(
      fc.property(keys, fc.array(fc.tuple(fc.uuid(), parts)), (key, asked) => {
        const subject = new SubjectKey(key);
        for (const [entryId, part] of asked) {
          expect(subject.of(entryId, part)).toEqual(createHmac('sha256', key).update(`${entryId}/${part}`).digest());
        }
      }),
    );
  });
});
