import { apiSdl, partnerSdl, supergraphSdl } from '@tributary/schema';
import { createPartnerSdl } from '@tributary/schema/partner-contract';
import { collectTags } from '@tributary/schema/tags';
import { buildSchema, isTypeDefinitionNode, parse, print, validateSchema } from 'graphql';
import type { DirectiveNode, TypeDefinitionNode } from 'graphql';
import { expect, test } from 'vitest';

function membersOf(definition: TypeDefinitionNode) {
  if ('fields' in definition) return definition.fields ?? [];
  return 'values' in definition ? (definition.values ?? []) : [];
}

function coordinates(sdl: string): readonly string[] {
  return parse(sdl)
    .definitions.filter(isTypeDefinitionNode)
    .flatMap((definition) => {
      const type = definition.name.value;
      return [type, ...membersOf(definition).map((member) => `${type}.${member.name.value}`)];
    });
}

/** The types and members of the supergraph that carry this very directive. */
function marked(directive: string): readonly string[] {
  const isMarked = ({ directives }: { readonly directives?: readonly DirectiveNode[] | undefined }) =>
    directives?.some((own) => print(own) === directive) ?? false;
  return parse(supergraphSdl())
    .definitions.filter(isTypeDefinitionNode)
    .flatMap((definition) => {
      const type = definition.name.value;
      const members = membersOf(definition).filter(isMarked);
      return [...(isMarked(definition) ? [type] : []), ...members.map((member) => `${type}.${member.name.value}`)];
    });
}

test('no inaccessible element appears in the API schema or the partner contract', () => {
  const inaccessible = marked('@inaccessible');
  expect(inaccessible).toEqual([
    'Order.buyerId',
    'Order.organizationId',
    'Order.partnerOrganizationId',
    'User.legacyCustomerNumber',
  ]);
  expect(coordinates(apiSdl()).filter((coordinate) => inaccessible.includes(coordinate))).toEqual([]);
  expect(coordinates(partnerSdl()).filter((coordinate) => inaccessible.includes(coordinate))).toEqual([]);
});

test('nothing tagged internal appears in the partner contract', () => {
  const internal = marked('@tag(name: "internal")');
  expect(internal).toContain('Role');
  expect(internal).toContain('Order.riskScore');
  expect(coordinates(partnerSdl()).filter((coordinate) => internal.includes(coordinate))).toEqual([]);
});

test('partners enter through the root fields that are tagged for them', () => {
  expect(coordinates(partnerSdl()).filter((coordinate) => coordinate.startsWith('Query.'))).toEqual(
    marked('@tag(name: "partner")').filter((coordinate) => coordinate.startsWith('Query.')),
  );
  expect(coordinates(partnerSdl()).filter((coordinate) => coordinate.startsWith('Query.'))).toEqual([
    'Query.invoice',
    'Query.invoices',
    'Query.node',
    'Query.nodes',
    'Query.product',
    'Query.products',
    'Query.order',
    'Query.orders',
    'Query.viewer',
    'Query.organization',
  ]);
});

test('the partner contract is a valid schema and a part of the API schema', () => {
  expect(validateSchema(buildSchema(partnerSdl()))).toEqual([]);
  const api = new Set(coordinates(apiSdl()));
  expect(coordinates(partnerSdl()).filter((coordinate) => !api.has(coordinate))).toEqual([]);
});

// Tags live in the supergraph, the schema to cut in the API schema; here one text serves as both.
function cut(sdl: string): string {
  const api = parse(sdl.replaceAll(/ @tag\(name: "\w+"\)/g, ''));
  return createPartnerSdl(api, collectTags(parse(sdl)))
    .replaceAll(/\s+/g, ' ')
    .trim();
}

test('internal wins over partner, on a field and on an argument', () => {
  expect(
    cut(`
      type Query { a: A @tag(name: "partner")  b: A @tag(name: "partner") @tag(name: "internal") }
      type A @tag(name: "partner") { x: Int  y: Int @tag(name: "internal")  z(k: Int, l: Int @tag(name: "internal")): Int }
    `),
  ).toBe('type Query { a: A } type A { x: Int z(k: Int): Int }');
});

test('a type without the tag is in with the fields that carry it', () => {
  expect(
    cut(`
      type Query { a: A @tag(name: "partner") }
      type A { x: Int @tag(name: "partner")  y: Int }
    `),
  ).toBe('type Query { a: A } type A { x: Int }');
});

test('a tag on a root type lets none of its fields in', () => {
  expect(cut('type Query @tag(name: "partner") { a: Int @tag(name: "partner")  b: Int }')).toBe(
    'type Query { a: Int }',
  );
});

test('types that no operation reaches are dropped, implementations and members that it reaches stay', () => {
  expect(
    cut(`
      type Query { i(filter: F): I @tag(name: "partner") }
      interface I @tag(name: "partner") { x: E }
      interface J @tag(name: "internal") { x: E }
      type A implements I & J @tag(name: "partner") { x: E }
      type B implements I @tag(name: "partner") @tag(name: "internal") { x: E }
      type Unused @tag(name: "partner") { x: E }
      enum E @tag(name: "partner") { ONE  TWO @tag(name: "internal") }
      input F @tag(name: "partner") { n: Int  m: Int @tag(name: "internal") }
    `),
  ).toBe(
    'type Query { i(filter: F): I } interface I { x: E } type A implements I { x: E } enum E { ONE } input F { n: Int }',
  );
});

test('a field whose type was cut away is an error that names both', () => {
  expect(() =>
    cut(`
      type Query { a: A @tag(name: "partner") }
      type A @tag(name: "partner") { x: B }
      type B { y: Int }
    `),
  ).toThrow('Partner contract: A.x is in it, but its type B is not. Tag A.x "internal" or B "partner".');
});

test('a required argument or input field that was cut away is an error', () => {
  expect(() =>
    cut(`
      type Query { a(b: Int! @tag(name: "internal"), f: F): Int @tag(name: "partner") }
      input F @tag(name: "partner") { x: Int  y: Int! @tag(name: "internal") }
    `),
  ).toThrow(
    [
      'Partner contract: Query.a(b:) is required but not in the contract, so partners cannot use Query.a. Make it optional or correct its tags.',
      'Partner contract: F.y is required but not in the contract, so partners cannot use F. Make it optional or correct its tags.',
    ].join('\n'),
  );
});

test('a type that lost an interface field is an error', () => {
  expect(() =>
    cut(`
      type Query { a: I @tag(name: "partner") }
      interface I @tag(name: "partner") { x: Int }
      type A implements I @tag(name: "partner") { x: Int @tag(name: "internal")  y: Int }
    `),
  ).toThrow('Partner contract: Interface field I.x expected but A does not provide it. Correct the tags.');
});
