import { badUserInput } from '@tributary/kit';
import sql from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

const MIN_CHARACTERS = 3;
// Every word is one more walk through the index.
const MAX_CHARACTERS = 200;

/** Orders whose number, recipient, line titles or skus hold every word of the text, or a word that begins with it. */
export function orderSearchCondition(text: string): Sql {
  const characters = [...text.trim()].length;
  if (characters < MIN_CHARACTERS || characters > MAX_CHARACTERS)
    throw badUserInput(`"search" must have from ${MIN_CHARACTERS} to ${MAX_CHARACTERS} characters.`);
  // The same configuration as in the index.
  return sql`o.tsv @@ to_tsquery('pg_catalog.simple', ${prefixQuery(text)})`;
}

/**
 * The text in the language of `to_tsquery`. Every word is quoted, so that nothing in it is an operator; the words still go through
 * the parser that made the index, which keeps the parts of LAMP-01-RED in order.
 */
export function prefixQuery(text: string): string {
  return text.split(/\s+/u).filter(Boolean).map(prefixesOf).join(' & ');
}

// The parser takes digits after a hyphen for a negative number: T-2026-000123 holds the words "t", "-2026" and "-000123". People
// search for 000123 all the same, so such words are looked up in both forms.
function prefixesOf(word: string): string {
  return /^\d/.test(word) ? `(${prefixOf(word)} | ${prefixOf(`-${word}`)})` : prefixOf(word);
}

const prefixOf = (word: string) => `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}':*`;
