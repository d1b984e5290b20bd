/**
 * What every workspace's jest shares. The sources are ESM; jest runs them as CommonJS through swc, which also
 * turns `import.meta.url` into its CommonJS equivalent, and the `.js` of an import is mapped to the `.ts` it stands for.
 */
export const preset = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.(t|j|mj)s$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'commonjs', ignoreDynamic: false },
        sourceMaps: 'inline',
      },
    ],
  },
  // Packages published as ESM only are transformed too.
  transformIgnorePatterns: [
    '/node_modules/(?!(\\.pnpm/|@nestjs|cookie|content-disposition|csv-|htmlparser2|entities|dom|piscina|vega|d3|internmap|delaunator|robust-predicates|p-limit|yocto-queue|topojson|commander|@fastify|uuid|file-type|strtok3|token-types|uint8array-extras|peek-readable|hyparquet))',
    '/node_modules/\\.pnpm/(?!(@nestjs|cookie|content-disposition|csv-|htmlparser2|entities|dom|vega|d3|internmap|delaunator|robust-predicates|p-limit|yocto-queue|topojson|file-type|strtok3|token-types|uint8array-extras|hyparquet))',
  ],
  moduleNameMapper: {
    '^@vitrine/(inference|mlflow|training)$': '<rootDir>/../../datascience/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  testTimeout: 30_000,
};
