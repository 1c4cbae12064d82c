// Processor time of what a benchmark has started, by program: what other work on the machine hardly changes. Linux only (/proc).
import { readdirSync, readFileSync } from 'node:fs';

/** USER_HZ is 100 wherever Node.js runs on Linux. */
const TICK_MS = 10;

/** Milliseconds that this process's descendants have used so far, by what `label` makes of their command line; undefined leaves one out. */
export function processorTimes(label) {
  const all = new Map(readdirSync('/proc').flatMap((pid) => (/^\d+$/.test(pid) ? [[pid, stat(pid)]] : [])));
  const times = { driver: process.cpuUsage().user / 1_000 + process.cpuUsage().system / 1_000 };
  for (const [pid, found] of all) {
    const name = found && isDescendant(pid, all) && label(commandLine(pid));
    if (name) times[name] = (times[name] ?? 0) + found.ticks * TICK_MS;
  }
  return times;
}

function isDescendant(pid, all) {
  for (let parent = all.get(pid)?.parent; parent; parent = all.get(parent)?.parent) {
    if (parent === String(process.pid)) return true;
  }
  return false;
}

/** Children that have ended count for whoever waited for them. */
function stat(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
    return { parent: fields[1], ticks: fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) };
  } catch {
    return undefined;
  }
}

function commandLine(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
