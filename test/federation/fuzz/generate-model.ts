import { addAbstractTypes, addInterfaceObject } from './generate-abstract-types.ts';
import { addFields, addRootFields, limitAllMembers } from './generate-fields.ts';
import { addEntities, addLeafTypes, addValueTypes } from './generate-types.ts';
import { addInaccessible, addOverrides, addProvides, addRequires } from './generate-directives.ts';
import type { Model } from './model.ts';
import { createRandom } from './random.ts';

// Makes a domain and spreads it over subgraphs. Not everything that comes out can be composed; what cannot is left to the caller.

const NAMES = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'];

export function generateModel(seed: number): Model {
  const random = createRandom(seed);
  const model: Model = {
    seed,
    subgraphs: NAMES.slice(0, random.int(2, NAMES.length)),
    objects: new Map(),
    interfaces: new Map(),
    unions: new Map(),
    enums: new Map(),
    inputs: new Map(),
    scalars: ['Blob'],
    forbidden: new Map(),
    query: new Map(),
    mutation: new Map(),
    promisesVary: random.chance(0.3),
  };
  addLeafTypes(model, random);
  addEntities(model, random);
  addValueTypes(model, random);
  addInterfaceObject(model, random);
  addAbstractTypes(model, random);
  addFields(model, random);
  addOverrides(model, random);
  addRequires(model, random);
  addProvides(model, random);
  addInaccessible(model, random);
  addRootFields(model, random);
  limitAllMembers(model);
  return model;
}
