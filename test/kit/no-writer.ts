import type { Writer } from '@tributary/kit/write/writer';

const refuse = () => Promise.reject(new Error('This context only reads.'));

/** For contexts of tests that only read. */
export const noWriter: Writer = { write: refuse, writeOnce: refuse, recordRefused: refuse };
