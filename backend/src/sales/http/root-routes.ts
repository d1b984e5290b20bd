const API_PREFIX = '/api/v1';

/** The names that sales are known by outside: they are answered at the root too. */
const rootRoute = /^\/(post_sales|get_raw_sales|get_monthly_sales|init_database|init_db)\/?(?=$|[?#;])/;

/** The address of a request at the root as the one under the API's prefix, which serves both. */
export function rewriteRootRoute(url: string): string {
  return rootRoute.test(url) ? API_PREFIX + url : url;
}
