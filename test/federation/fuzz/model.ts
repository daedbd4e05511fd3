// What a generated supergraph is about: one domain of object types with data of its own, and which subgraph says what about it.

/** How a subgraph declares a field. */
export interface Declaration {
  /** `external`: known only from representations. `overridden`: declared, and never asked for. */
  role: 'resolves' | 'external' | 'overridden';
  type: string;
  directives: readonly string[];
  /** Fields of what it returns that come along, though another subgraph owns them. */
  provides?: string | undefined;
  /** It comes along with some field of this subgraph, though it is external. */
  isProvided?: boolean;
}

export interface Field {
  name: string;
  /** As clients see it. */
  type: string;
  /** The most that a subgraph promises; values keep to it. */
  valueType: string;
  args: readonly Argument[];
  /** By subgraph. */
  declarations: Map<string, Declaration>;
  /** Its value is made of these fields, which other subgraphs own. */
  requires?: string;
  /** Its value tells the objects of a type apart: by itself, as one of two parts, or as an object that does. */
  identifies?: 'whole' | 'high' | 'low' | 'nested';
  /** Where its type has several members, the ones that every declaring subgraph knows. */
  members?: readonly string[];
  /** Whether it may throw where errors are asked for. */
  mayFail: boolean;
}

export interface Argument {
  name: string;
  type: string;
  default?: string;
}

/** A type within one subgraph. */
export interface Presence {
  keys: { fields: string; resolvable: boolean }[];
}

export interface ObjectType {
  name: string;
  kind: 'entity' | 'value';
  fields: Map<string, Field>;
  /** By subgraph. */
  presence: Map<string, Presence>;
}

export interface InterfaceType {
  name: string;
  candidates: readonly string[];
  /** Fields that every member has, in one subgraph or another. */
  fields: Map<string, Field>;
  /** By subgraph. */
  members: Map<string, Set<string>>;
  /** An interface that is an entity: its key, and who declares it as an object. */
  entity?: { key: string; home: string; objectIn: string; fields: Map<string, Field> };
}

export interface UnionType {
  name: string;
  candidates: readonly string[];
  /** By subgraph. */
  members: Map<string, Set<string>>;
}

export interface EnumType {
  name: string;
  values: readonly string[];
  /** By subgraph, where it knows only some of them. */
  known: Map<string, readonly string[]>;
}

export interface InputType {
  name: string;
  fields: readonly Argument[];
  /** By subgraph: an optional field that only this one has, so that clients do not see it. */
  extra: Map<string, Argument>;
}

export interface Model {
  seed: number;
  subgraphs: readonly string[];
  objects: Map<string, ObjectType>;
  interfaces: Map<string, InterfaceType>;
  unions: Map<string, UnionType>;
  enums: Map<string, EnumType>;
  inputs: Map<string, InputType>;
  scalars: readonly string[];
  /** By subgraph: types it must not know, because it knows an interface of theirs as an object. */
  forbidden: Map<string, Set<string>>;
  query: Map<string, Field>;
  mutation: Map<string, Field>;
  /** Subgraphs may promise more than clients are told; then an error costs more there than the answer shows. */
  promisesVary: boolean;
}

/** Objects of each type. */
export const OBJECT_COUNT = 6;
