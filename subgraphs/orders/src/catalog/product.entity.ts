import { EntitySchema } from '@tributary/kit';

import type { Product } from './product.ts';

// Lists what the code reads. The search column `tsv` is written by the database and stays there.

export const productEntity = new EntitySchema<Product>({
  name: 'Product',
  schema: 'orders',
  tableName: 'products',
  columns: {
    id: { type: 'uuid', primary: true },
    slug: { type: 'text', unique: true },
    title: { type: 'text' },
    description: { type: 'text', nullable: true },
    active: { type: 'boolean', default: true },
    updatedAt: { name: 'updated_at', type: 'timestamptz', precision: 3 },
    version: { type: 'integer', default: 1 },
  },
});
