import { expect, test } from 'vitest';

import { createAnswerTexts } from '@tributary/gateway/answer-texts';

const WORDS = 'ä "words" \\ \n';
const item = (id: string, more: object = {}) => ({ id, text: WORDS.repeat(100), more });
const times = <Item>(count: number, of: Item): Item[] => Array.from({ length: count }, () => of);

/** Answers the text, after it was seen to be that of JSON. */
function textOf(data: Record<string, unknown>, reused: { object: Record<string, unknown>; places: number }[]): string {
  const texts = createAnswerTexts();
  texts.note(data, reused);
  const expected = JSON.stringify({ data });
  const text = texts.textOf({ data });
  expect(text).toBe(expected);
  expect(JSON.stringify({ data })).toBe(expected); // nothing of it is left in the data
  return text;
}

test('an object that stands at many places is written at each', () => {
  const object = item('a');
  expect(textOf({ list: times(20, object) }, [{ object, places: 20 }])).toContain('words');
});

test('so are objects within such objects', () => {
  const inner = item('b');
  const outer = item('a', { list: times(7, inner) });
  textOf({ inner, list: times(9, outer) }, [
    { object: inner, places: 8 },
    { object: outer, places: 9 },
  ]);
  textOf({ inner, list: times(9, outer) }, [
    { object: outer, places: 9 },
    { object: inner, places: 8 },
  ]);
});

test('so are small ones, and those of few places', () => {
  const [small, rare] = [{ id: 'small' }, item('rare')];
  textOf({ list: [...times(10, small), rare, rare] }, [
    { object: small, places: 10 },
    { object: rare, places: 2 },
  ]);
});

test('a name that reads toJSON is a name', () => {
  const object = { ...item('a'), toJSON: 'a text' };
  textOf({ list: times(10, object) }, [{ object, places: 10 }]);
});

test('nothing that subgraphs send is taken for something else', () => {
  const object = item('a');
  const marks = ['@0', '@:0', `@${'0'.repeat(32)}:0`, '$&', '$1', '$$'];
  textOf({ marks, list: times(10, { ...object, marks }) }, []);
  const tricky = { ...object, marks };
  textOf({ marks, list: times(10, tricky) }, [{ object: tricky, places: 10 }]);
});

test('errors and extensions are written beside the data', () => {
  const object = item('a');
  const data = { list: times(10, object) };
  const texts = createAnswerTexts();
  texts.note(data, [{ object, places: 10 }]);
  const result = { data, errors: [{ message: 'No.' }], extensions: { a: 1 } };
  expect(texts.textOf(result)).toBe(JSON.stringify(result));
  expect(texts.textOf({ errors: [{ message: 'No.' }] })).toBe('{"errors":[{"message":"No."}]}');
});

test('the marks of one process are not those of another', () => {
  const object = item('a');
  const data = { list: times(10, object) };
  const seen = new Set<string>();
  for (let index = 0; index < 2; index += 1) {
    const texts = createAnswerTexts();
    texts.note(data, [{ object, places: 10 }]);
    const probe = { data, extensions: { toJSON: () => void seen.add(JSON.stringify(object)) } };
    texts.textOf(probe);
  }
  expect(seen.size).toBe(2);
});
