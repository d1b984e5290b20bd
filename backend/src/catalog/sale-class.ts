/** Class of a time to sell: 0 fast, 1 normal, 2 very long. */
export type SaleClass = 0 | 1 | 2;
