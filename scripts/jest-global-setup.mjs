// Jest takes a default export. The services come compiled: Jest's transforms do not reach global setup.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const tsc = () => spawnSync(join(root, 'node_modules', '.bin', 'tsc'), ['-b', 'packages/testkit'], { cwd: root });

export default async function setUp() {
  if (process.env.PLATFORM_COMPILED !== '1') tsc();
  const { startServices } = await import('../packages/testkit/dist/services/global-setup.js');
  await startServices();
}
