const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;
/** What a character of a JavaScript string may take in UTF-8. */
const BYTES_PER_CHARACTER = 3;
const TEXT_OID = 25;
const NULL = -1;

/** A `text[]` of one dimension in PostgreSQL's binary format (array_recv), which neither side has to escape or to search for its ends. */
export function textArray(values: readonly (string | null)[]): Buffer {
  const characters = values.reduce((sum, value) => sum + (value?.length ?? 0), 0);
  const array = Buffer.allocUnsafe(HEADER_BYTES + values.length * LENGTH_BYTES + characters * BYTES_PER_CHARACTER);
  let end = 0;
  for (const field of [1, Number(values.includes(null)), TEXT_OID, values.length, 1])
    end = array.writeInt32BE(field, end);
  for (const value of values) {
    const written = value === null ? 0 : array.write(value, end + LENGTH_BYTES);
    end = array.writeInt32BE(value === null ? NULL : written, end) + written;
  }
  return array.subarray(0, end);
}
