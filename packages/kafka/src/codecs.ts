import { promisify } from 'node:util';
import { unzip, zstdDecompress } from 'node:zlib';
import kafkajs from 'kafkajs';

/** What a batch may grow to: many times what brokers take, and less than a process has. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Lets consumers read what others compress by gzip or zstd, bounded. The library knows gzip alone; snappy and lz4 stay unknown. Topics that the platform makes
 * are kept uncompressed by the brokers, whatever comes in.
 */
export function registerCodecs(): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  for (const [type, decompress] of [
    [CompressionTypes.GZIP, promisify(unzip)],
    [CompressionTypes.ZSTD, promisify(zstdDecompress)],
  ] as const) {
    CompressionCodecs[type] = () => ({
      compress: () => Promise.reject(new Error('Events are sent uncompressed')),
      decompress: (buffer: Buffer) => decompress(buffer, { maxOutputLength: MAX_BYTES }),
    });
  }
}
