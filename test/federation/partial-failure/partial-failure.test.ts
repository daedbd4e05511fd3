import { expect, test } from 'vitest';

import { describeFederation } from '../../kit/federation.ts';
import { subgraphs } from './subgraphs.ts';

const full = (path: unknown[], subgraph: string) => ({ message: 'Fully booked.', path, code: 'FULL', subgraph });
const down = (path: unknown[]) => ({ message: 'Out of order.', path, code: 'WEATHER_DOWN', subgraph: 'weather' });
const unknown = (path: unknown[]) => ({ message: 'No such trip.', path, code: 'NOT_FOUND', subgraph: 'seats' });

describeFederation(subgraphs, (graph) => {
  test('an error of a root field costs that field, and the others are answered', async () => {
    expect(await graph.ask('{ broken { id name } trip { name } }')).toEqual({
      data: { broken: null, trip: { name: 'T1' } },
      errors: [full(['broken'], 'trips')],
    });
  });

  test('an error in a list has the index that the client counts, whatever lies between', async () => {
    expect(await graph.ask('{ trips { name } }')).toEqual({
      data: { trips: [{ name: 'T1' }, null, { name: null }, { name: 'T3' }] },
      errors: [full(['trips', 2, 'name'], 'trips')],
    });
  });

  test('an error of one entity has its path, and costs no other entity anything', async () => {
    expect(await graph.ask('{ trips { id seats rows { number free } } }')).toEqual({
      data: {
        trips: [
          { id: 't1', seats: 10, rows: [{ number: 1, free: 4 }] },
          null,
          { id: 't2', seats: null, rows: null },
          { id: 't3', seats: null, rows: null },
        ],
      },
      errors: [
        full(['trips', 2, 'seats'], 'seats'),
        full(['trips', 2, 'rows', 0, 'free'], 'seats'),
        unknown(['trips', 3]),
      ],
    });
  });

  test('an error has its path in lists of lists', async () => {
    expect(await graph.ask('{ groups { seats } }')).toEqual({
      data: { groups: [[{ seats: null }, { seats: 10 }], null, [{ seats: null }]] },
      errors: [full(['groups', 0, 0, 'seats'], 'seats'), full(['groups', 2, 0, 'seats'], 'seats')],
    });
  });

  test('an error of an object that stands at several places is told at each of them', async () => {
    expect(await graph.ask('{ trip { next { seats } } trips { next { places: seats } } }')).toEqual({
      data: {
        trip: { next: { seats: null } },
        trips: [{ next: { places: null } }, null, { next: null }, { next: null }],
      },
      errors: [full(['trip', 'next', 'seats'], 'seats'), full(['trips', 0, 'next', 'places'], 'seats')],
    });
  });

  test('a subgraph that fails as a whole costs its fields, and is told for each of them', async () => {
    expect(await graph.ask('{ trip { id rain wind { speed } } forecast storms { id } }')).toEqual({
      data: { trip: { id: 't1', rain: null, wind: null }, forecast: null, storms: null },
      errors: expect.arrayContaining([
        down(['forecast']),
        down(['storms']),
        down(['trip', 'rain']),
        down(['trip', 'wind']),
      ]) as unknown,
    });
  });

  test('a subgraph that fails as a whole is told at each entity', async () => {
    expect(await graph.ask('{ trips { storm: rain } }')).toEqual({
      data: { trips: [{ storm: null }, null, { storm: null }, { storm: null }] },
      errors: [down(['trips', 0, 'storm']), down(['trips', 2, 'storm']), down(['trips', 3, 'storm'])],
    });
  });

  test('a field whose requirement failed is asked for with null, and the failure is told', async () => {
    expect(await graph.ask('{ trip { next { guide } guide } }')).toEqual({
      data: { trip: { next: { guide: 'no guide' }, guide: 'guide for 5' } },
      errors: [full(['trip', 'next'], 'seats')],
    });
  });

  test('one subgraph that fails leaves what the others answer', async () => {
    expect(await graph.ask('{ trip { name seats rain guide } }')).toEqual({
      data: { trip: { name: 'T1', seats: 10, rain: null, guide: 'guide for 5' } },
      errors: [down(['trip', 'rain'])],
    });
  });
});
