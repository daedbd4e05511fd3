import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

import { schemaOf, TABLES, tableNames } from './tables.ts';
import type { AddRow, CopyValue, TableName } from './tables.ts';

// Rows are collected per table and sent in rounds, one COPY per table and round: a connection can run one COPY at a time, and
// a single pass over the company is cheaper than one per table. While a round is on its way, the next one is being made.

export interface CopyLoader {
  add: AddRow;
  /** Sends what was added once it is much. Await it between rows to give the connection its turn. */
  relax(): Promise<void>;
  /** Sends everything that is left and waits until it has arrived. */
  finish(): Promise<void>;
}

// Large enough to hide the round trips of a round, small enough to keep two of them in memory.
const ROUND_BYTES = 2_000_000;
const CHUNK_CHARACTERS = 32 * 1024;

/** Rows of one table. Full chunks are kept as bytes, outside the heap, where they cost the garbage collector nothing. */
interface TableRows {
  chunk: string;
  full: Buffer[];
}

type Round = Map<TableName, TableRows>;

export function createCopyLoader(client: pg.Client): CopyLoader {
  let round: Round = new Map();
  let size = 0;
  let underway: Promise<void> = Promise.resolve();

  const rowsOf = (table: TableName) => {
    let rows = round.get(table);
    if (!rows) round.set(table, (rows = { chunk: '', full: [] }));
    return rows;
  };

  const rotate = async () => {
    await underway;
    const sent = round;
    round = new Map();
    size = 0;
    underway = sendRound(client, sent);
    // The failure is reported by whoever awaits it next; until then it must not count as unhandled.
    underway.catch(() => undefined);
  };

  return {
    add(table, row) {
      const values = row as Readonly<Record<string, CopyValue>>;
      const rows = rowsOf(table);
      let separator = '';
      for (const column of TABLES[table]) {
        rows.chunk += separator + encode(values[column]!);
        separator = '\t';
      }
      rows.chunk += '\n';
      if (rows.chunk.length < CHUNK_CHARACTERS) return;
      const bytes = Buffer.from(rows.chunk);
      rows.chunk = '';
      rows.full.push(bytes);
      size += bytes.length;
    },
    async relax() {
      if (size >= ROUND_BYTES) await rotate();
      else await new Promise((resolve) => setImmediate(resolve));
    },
    async finish() {
      await rotate();
      await underway;
    },
  };
}

async function sendRound(client: pg.Client, round: Round): Promise<void> {
  for (const table of tableNames) {
    const rows = round.get(table);
    if (!rows) continue;
    await client.query(`SET LOCAL ROLE ${schemaOf(table)}_owner`);
    // FREEZE: the table was emptied in this transaction, so its rows can be born visible and no vacuum has to visit them.
    const copy = client.query(copyFrom(`COPY ${table} (${TABLES[table].join(', ')}) FROM STDIN WITH (FREEZE)`));
    await pipeline(Readable.from([...rows.full, Buffer.from(rows.chunk)]), copy);
  }
}

const NEEDS_ESCAPE = /[\\\b\f\n\r\t\v]/;
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/** Text format of COPY. */
export function encode(value: CopyValue): string {
  if (value === null) return '\\N';
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (typeof value !== 'string') return value.toString();
  return NEEDS_ESCAPE.test(value) ? value.replace(/[\\\b\f\n\r\t\v]/g, (character) => ESCAPES[character]!) : value;
}
