import { parseGlobalId, toGlobalId } from '@tributary/kit';
import type { PostalAddress } from '@tributary/kit';

import type { UsersContext } from '../context.ts';
import { change } from '../mutation.ts';
import { referenceResolver } from '../reference-resolver.ts';
import { notePersonalDataRead } from '../user/personal-data-reads.ts';
import { createUserStore } from '../user/user.repository.ts';
import { createAddressStore } from './address.repository.ts';
import type { AddressBookEntry } from './address.ts';
import { removeAddress } from './remove-address.ts';
import { saveAddress } from './save-address.ts';

interface AddressSaveInput {
  id?: string | null;
  userId: string;
  label: string;
  isDefault: boolean;
  address: PostalAddress;
}

export const addressResolvers = {
  AddressBookEntry: {
    __resolveReference: referenceResolver('AddressBookEntry', ({ loaders }) => loaders.addressById),
    id: ({ id }: AddressBookEntry) => toGlobalId('AddressBookEntry', id),
    address(entry: AddressBookEntry, _args: object, context: UsersContext) {
      notePersonalDataRead(context, 'addresses', { id: entry.userId });
      return entry;
    },
  },
  Mutation: {
    async addressSave(_root: unknown, { input }: { input: AddressSaveInput }, context: UsersContext) {
      const { id, userId, ...wish } = input;
      const address = {
        ...wish,
        addressId: id === undefined || id === null ? null : parseGlobalId('AddressBookEntry', id),
        userId: parseGlobalId('User', userId),
      };
      const { result, userErrors } = await change(context, {
        operation: 'addressSave',
        work: (tx) => saveAddress(tx, dependenciesOf(tx, context), address),
      });
      return { entry: result, userErrors };
    },
    async addressRemove(_root: unknown, { input }: { input: { id: string } }, context: UsersContext) {
      const id = parseGlobalId('AddressBookEntry', input.id);
      const { result, userErrors } = await change(context, {
        operation: 'addressRemove',
        work: (tx) => removeAddress(tx, dependenciesOf(tx, context), id),
      });
      return { removedId: result && toGlobalId('AddressBookEntry', result.id), userErrors };
    },
  },
};

const dependenciesOf = (tx: Parameters<typeof createAddressStore>[0], context: UsersContext) => ({
  addresses: createAddressStore(tx, context),
  users: createUserStore(tx, context),
  principal: context.principal,
});
