import { jest } from '@jest/globals';
import { becomeWithHeap } from '../src/heap.js';

describe('a process', () => {
  const execve = jest.fn<(file: string, args: string[]) => never>();
  const { NODE_OPTIONS } = process.env;
  const own = Object.getOwnPropertyDescriptors({ execve: process.execve, channel: process.channel });
  const flags = (): string[] => execve.mock.calls[0]?.[1] ?? [];
  const forked = (channel: object | undefined) =>
    Object.defineProperty(process, 'channel', { value: channel, configurable: true, writable: true });

  beforeEach(() => {
    execve.mockClear();
    Object.defineProperty(process, 'execve', { value: execve, configurable: true, writable: true });
    forked(undefined);
    process.env.NODE_OPTIONS = '';
  });
  afterEach(() => {
    Object.defineProperties(process, own);
    process.env.NODE_OPTIONS = NODE_OPTIONS ?? '';
  });

  it('of a router becomes one whose heap is bounded', () => {
    becomeWithHeap(['start', 'router']);
    expect(flags()).toEqual(expect.arrayContaining(['--max-semi-space-size=16', '--heap-growing-percent=125']));
  });

  it('keeps the flags that NODE_OPTIONS gives', () => {
    process.env.NODE_OPTIONS = '--trace-warnings --max_semi_space_size=64';
    becomeWithHeap(['router']);
    expect(flags()).not.toContain('--max-semi-space-size=16');
    expect(flags()).toContain('--heap-growing-percent=125');
  });

  it('that was forked keeps the channel to its parent', () => {
    forked({});
    becomeWithHeap(['router']);
    expect(execve).not.toHaveBeenCalled();
  });

  it('that only prints stays as it is', () => {
    becomeWithHeap(['users', 'list']);
    expect(execve).not.toHaveBeenCalled();
  });
});
