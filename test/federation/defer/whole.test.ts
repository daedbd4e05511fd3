import { expect, test } from 'vitest';

import { describeFederation } from '../../kit/federation.ts';
import { mergeParts } from '../../kit/multipart.ts';
import { askForParts } from './ask-in-parts.ts';
import { createFields, createSubgraphs } from './subgraphs.ts';

// Put together, the parts of an answer are what would have been answered at once, whatever is deferred.

const { fields, field } = createFields();

const DEFER = '@DEFER';
/** Each mark may or may not be a deferral. */
const OPERATIONS = [
  `{ me { id ... ${DEFER} { name friend { id ... ${DEFER} { name mood } } } ... ${DEFER} { reviews { body ... ${DEFER} { stars } } } } }`,
  `{ users { ...Card ${DEFER} reviews { id ...Rated ${DEFER} } } }
   fragment Card on User { name address { city ... ${DEFER} { street } } }
   fragment Rated on Review { stars author { ... ${DEFER} { mood score } } }`,
  `{ ... ${DEFER} { topReview { body author { name ... ${DEFER} { friend { mood } } } } } thing { ... on User ${DEFER} { name reviews { translations } } } }`,
  `{ a: me { ...Self } b: me { ...Self ${DEFER} } } fragment Self on User { n: name ... ${DEFER} { m: mood r: reviews { s: stars } } }`,
];

const variants = OPERATIONS.flatMap((operation) => {
  const marks = operation.split(DEFER).length - 1;
  return Array.from({ length: 2 ** marks }, (_, bits) => {
    let mark = 0;
    return operation.replaceAll(DEFER, () => ((bits >> mark++) & 1 ? '@defer' : '@include(if: true)'));
  }).slice(1);
});

describeFederation(createSubgraphs(field), (graph) => {
  test.each([
    ['without faults', []],
    ['with a field that fails', ['User.mood']],
    ['with fields that fail', ['Address.city', 'Review.translations']],
  ])(`${variants.length} ways to defer make the same answer, %s`, async (_, failing) => {
    fields.reset();
    for (const each of failing) fields.fail(each);
    for (const operation of variants) {
      const whole = await graph.ask(operation);
      const parts = await askForParts(graph, operation);
      const { data, errors } = mergeParts(parts);
      expect({ operation, data }).toEqual({ operation, data: whole.data });
      const pathsOf = (list: readonly { path?: unknown }[] = []) =>
        [...new Set(list.map(({ path }) => JSON.stringify(path)))].sort();
      expect({ operation, paths: pathsOf(errors) }).toEqual({ operation, paths: pathsOf(whole.errors) });
      expect(parts.map(({ hasNext }) => hasNext)).toEqual([...Array<boolean>(parts.length - 1).fill(true), false]);
    }
  });
});
