import { AppError } from '../../common/errors/app.error.js';

/** The catalogue has no product of this id. */
export class ProductNotFoundError extends AppError {
  constructor(id?: number) {
    super('product-not-found', id === undefined ? {} : { detail: `There is no product ${id}` });
  }
}

/** The catalogue has a product of this id already: it can be changed. */
export class ProductExistsError extends AppError {
  constructor(cause: unknown) {
    super('product-exists', { detail: 'Change the product that is there', cause });
  }
}
