import { type Database, updateLocked } from '@platform/postgres/database';
import { type EntityManager, EntitySchema } from 'typeorm';
import { ScratchSchema } from './scratch-schema.js';

class Note {
  shelf!: string;
  place!: number;
  text!: string;
  tags!: string[];
  readAt!: Date | null;
}

const entity = new EntitySchema({
  name: 'notes',
  tableName: 'notes',
  target: Note,
  columns: {
    shelf: { type: 'text', primary: true },
    place: { type: 'int', primary: true },
    text: { type: 'text' },
    tags: { type: 'text', array: true },
    readAt: { type: 'timestamptz', name: 'read_at', nullable: true },
  },
});

const WRITTEN = `CREATE FUNCTION written() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN INSERT INTO writes VALUES (TG_ARGV[0]); RETURN NEW; END $$;
  CREATE TRIGGER text_written BEFORE UPDATE OF text ON notes FOR EACH ROW EXECUTE FUNCTION written('text');
  CREATE TRIGGER tags_written BEFORE UPDATE OF tags ON notes FOR EACH ROW EXECUTE FUNCTION written('tags');
  CREATE TRIGGER read_at_written BEFORE UPDATE OF read_at ON notes FOR EACH ROW EXECUTE FUNCTION written('read_at');`;

describe('updateLocked', () => {
  let schema: ScratchSchema;
  let database: Database;

  beforeEach(async () => {
    schema = await ScratchSchema.create();
    await schema.write(
      '1700000000001-first.sql',
      `CREATE TABLE notes (shelf text, place int, text text, tags text[], read_at timestamptz, PRIMARY KEY (shelf, place));
       CREATE TABLE writes (to_column text); ${WRITTEN}`,
    );
    await schema.migrate();
    database = schema.database({ entities: [entity] });
    await database.start();
    for (const place of [1, 2]) {
      await database.read.insert(Note, { shelf: 'a', place, text: 'first', tags: ['x'], readAt: new Date(0) });
    }
  });
  afterEach(() => schema.remove());

  const held = (tx: EntityManager) =>
    tx.findOneOrFail(Note, { where: { shelf: 'a', place: 1 }, lock: { mode: 'pessimistic_write' } });
  const stored = () => database.read.find(Note, { order: { place: 'ASC' } });
  const writes = async () => (await schema.admin.query(`SELECT to_column FROM ${schema.name}.writes`)).rows;
  const changed = <T>(change: (note: Note) => T | Promise<T>) =>
    database.transaction(async (tx) => updateLocked(tx, await held(tx), change));

  it('writes the columns that have another value, to that row alone, and answers what the change answers', async () => {
    const answer = await changed((note) => {
      Object.assign(note, { text: 'second', tags: ['x'], readAt: null });
      return 'done';
    });

    expect(answer).toBe('done');
    expect(await stored()).toEqual([
      { shelf: 'a', place: 1, text: 'second', tags: ['x'], readAt: null },
      { shelf: 'a', place: 2, text: 'first', tags: ['x'], readAt: new Date(0) },
    ]);
    expect(await writes()).toEqual([{ to_column: 'read_at' }, { to_column: 'text' }]);
  });

  it('writes nothing where every value stays, be it assigned anew', async () => {
    await changed((note) => void Object.assign(note, { text: 'first', tags: ['x'], readAt: new Date(0) }));

    expect(await writes()).toEqual([]);
  });

  it('writes nothing of a change that fails, and fails with it', async () => {
    const failing = changed(async (note) => {
      note.text = 'never';
      throw new Error('not like this');
    });

    await expect(failing).rejects.toThrow('not like this');
    expect(await stored()).toMatchObject([{ text: 'first' }, { text: 'first' }]);
  });
});
