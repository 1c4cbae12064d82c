import { describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import pg from 'pg';
import { createTestDatabase, describeWithRedis } from '../src/services/index.js';

describe('createTestDatabase', () => {
  it('gives every caller a database of its own', async () => {
    const [one, other] = [await createTestDatabase(), await createTestDatabase()];

    await query(one.url, 'CREATE TABLE mine ()');

    await expect(query(other.url, 'SELECT FROM mine')).rejects.toMatchObject({ code: '42P01' });
    await Promise.all([one.drop(), other.drop()]);
  });

  it('drops it, also while somebody is connected', async () => {
    const database = await createTestDatabase();
    const client = new pg.Client({ connectionString: database.url });
    client.on('error', () => {});
    await client.connect();

    await database.drop();

    await expect(query(database.url, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' });
  });
});

describeWithRedis('describeWithRedis', (redisUrl) => {
  it('gives the URL of a server that answers', async () => {
    const redis = new Redis(redisUrl);
    expect(await redis.ping()).toBe('PONG');
    await redis.quit();
  });
});

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
