// A lock between processes, as a file: one that its holder no longer refreshes (killed, or gone with its machine) gives way.
import { rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 200;
const REFRESH_MS = 2_000;
const STALE_MS = 15_000;

/** Does the work alone. Whoever has to wait is told so, once. */
export async function withLock(file, say, work) {
  for (let waited = 0; !taken(file); waited += POLL_MS) {
    if (waited === 5 * POLL_MS) say('Waiting for another run that is installing or compiling…');
    await delay(POLL_MS);
  }
  const release = () => rmSync(file, { force: true });
  const refresh = setInterval(() => touch(file), REFRESH_MS);
  process.once('exit', release);
  try {
    await work();
  } finally {
    clearInterval(refresh);
    process.removeListener('exit', release);
    release();
  }
}

function taken(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (isStale(file)) rmSync(file, { force: true });
    return false;
  }
}

function touch(file) {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // An installer that starts over empties node_modules, this file included; the work goes on.
  }
}

function isStale(file) {
  try {
    return Date.now() - statSync(file).mtimeMs > STALE_MS;
  } catch {
    return false;
  }
}
