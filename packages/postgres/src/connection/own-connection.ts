import pg from 'pg';

/**
 * A connection outside of every pool; whoever asks for it ends it. When it is lost, the statement that runs or comes next fails.
 * @throws what connecting failed with.
 */
export async function ownConnection(config: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client(config);
  // Unheard, the loss would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}

/** Gives `work` a connection for as long as it lasts. */
export async function withConnection<T>(config: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await ownConnection(config);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
