import { defineEvent } from '@platform/events';
import { breakingChanges } from '@platform/platformctl/events/breaking-changes';
import { eventSchemas } from '@platform/platformctl/events/event-schemas';
import { z } from 'zod';

const before = { id: z.uuid(), tags: z.array(z.string()), state: z.enum(['a', 'b']), note: z.string().optional() };

const schemasOf = (data: z.ZodRawShape, more: { type?: string; resource?: string; version?: number } = {}) =>
  eventSchemas([defineEvent({ type: 'test.thing.happened', resource: 'thing', data: z.object(data), ...more })]);

describe('a change of an event', () => {
  it.each([
    ['nothing changed', before],
    ['optional data came', { ...before, colour: z.string().optional() }],
    ['optional data came inside a list', { ...before, tags: z.array(z.string()) }],
  ])('is let pass when %s', (_what, after) => {
    expect(breakingChanges(schemasOf(before), schemasOf(after))).toEqual([]);
  });

  it.each<[string, z.ZodRawShape, RegExp]>([
    ['data is gone', { id: before.id, tags: before.tags, state: before.state }, /\.data\.note is gone/],
    ['required data came', { ...before, colour: z.string() }, /\.data\.colour is required/],
    ['required data became optional', { ...before, id: z.uuid().optional() }, /\.data\.id may be missing/],
    ['optional data became required', { ...before, note: z.string() }, /\.data\.note is required/],
    ['a type changed', { ...before, id: z.number() }, /\.data\.id was .*string.* and is .*number/],
    ['a choice was taken away', { ...before, state: z.enum(['a']) }, /\.data\.state was/],
    ['a choice came that readers do not know', { ...before, state: z.enum(['a', 'b', 'c']) }, /\.data\.state was/],
    ['the items of a list changed', { ...before, tags: z.array(z.number()) }, /\.data\.tags\[\] was/],
    ['a list got shorter', { ...before, tags: z.array(z.string()).max(3) }, /\.data\.tags was/],
    ['a text got shorter', { ...before, note: z.string().max(3).optional() }, /\.data\.note was/],
  ])('is refused when %s', (_what, after, reason) => {
    expect(breakingChanges(schemasOf(before), schemasOf(after))).toEqual([expect.stringMatching(reason)]);
  });

  it('is refused when the event is gone, is about something else, or went back a version', () => {
    expect(breakingChanges(schemasOf(before), schemasOf(before, { type: 'test.thing.renamed' }))).toEqual([
      'test.thing.happened is gone',
    ]);
    expect(breakingChanges(schemasOf(before), schemasOf(before, { resource: 'other' }))).toEqual([
      'test.thing.happened is about a other now, not a thing',
    ]);
    expect(breakingChanges(schemasOf(before, { version: 2 }), schemasOf(before))).toEqual([
      'test.thing.happened went back from version 2 to 1',
    ]);
  });
});
