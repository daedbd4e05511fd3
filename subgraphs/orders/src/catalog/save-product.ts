import {
  forbidden,
  inputError,
  invalidInput,
  newUuid,
  notFoundError,
  refuse,
  refuseIfAny,
  versionConflict,
} from '@tributary/kit';
import type { Kept, Principal, UserError, WriteTransaction } from '@tributary/kit';

import type { ProductChange, VariantChange } from './product-input.ts';
import {
  findTaxCategories,
  insertProduct,
  isSlugTaken,
  lockProduct,
  lockVariants,
  slugTaken,
  updateProduct,
  withdrawVariants,
  writeVariants,
} from './product-writes.repository.ts';
import type { LockedVariant, VariantRow } from './product-writes.repository.ts';
import { keepsCatalog } from './product.visibility.ts';
import type { Product } from './product.ts';

/** Makes a product, or changes one. Variants are matched by sku; one that is left out can no longer be bought. */
export async function saveProduct(
  tx: WriteTransaction,
  principal: Principal | null,
  change: ProductChange,
): Promise<Kept<Product>> {
  if (!keepsCatalog(principal)) throw forbidden();
  const stored = change.product && (await lockProduct(tx, change.product.id));
  if (change.product) {
    if (!stored) return refuse(notFoundError(['input', 'id']));
    if (stored.version !== change.product.expectedVersion) refuse(versionConflict(stored.version));
  }
  const id = stored?.id ?? newUuid(tx.now);
  const known = await lockVariants(
    tx,
    id,
    change.variants.map(({ sku }) => sku),
  );
  const categories = await findTaxCategories(tx);
  refuseIfAny([
    ...((await isSlugTaken(tx, change.slug, id)) ? [slugTaken] : []),
    ...change.variants.flatMap((variant, index) =>
      variantErrors(variant, { productId: id, known: known.get(variant.sku), categories }).map(
        ({ field, ...error }): UserError => ({
          ...error,
          field: ['input', 'variants', String(index), ...(field ?? [])],
        }),
      ),
    ),
  ]);

  const row = {
    id,
    slug: change.slug,
    title: change.title,
    description: change.description === undefined ? (stored?.description ?? null) : change.description,
    active: change.active,
  };
  const product = stored ? await updateProduct(tx, row) : await insertProduct(tx, row);
  const variants = change.variants.map((variant, index): VariantRow => {
    const before = known.get(variant.sku);
    return {
      ...variant,
      id: before?.id ?? newUuid(tx.now),
      position: index + 1,
      stock: variant.stock === undefined ? (before?.stockOnHand ?? null) : variant.stock,
    };
  });
  await withdrawVariants(
    tx,
    id,
    variants.map((variant) => variant.id),
  );
  await writeVariants(tx, id, variants);
  tx.audit({ action: 'productSave', object: { type: 'Product', id }, details: { version: product.version } });
  return { result: product, ids: { product: id } };
}

interface VariantSituation {
  productId: string;
  known: LockedVariant | undefined;
  categories: ReadonlySet<string>;
}

function variantErrors(variant: VariantChange, { productId, known, categories }: VariantSituation): UserError[] {
  const errors: UserError[] = [];
  if (known && known.productId !== productId)
    errors.push(inputError('ALREADY_EXISTS', 'A variant of another product has this sku.', ['sku']));
  else if (known && typeof variant.stock === 'number' && variant.stock < known.stockReserved)
    errors.push(invalidInput(`${known.stockReserved} units are promised to orders.`, ['stock']));
  if (!categories.has(variant.taxCategory))
    errors.push(invalidInput(`Tax categories are ${[...categories].join(', ')}.`, ['taxCategory']));
  return errors;
}
