export default {
  '*.{ts,tsx,mts,mjs,js}': ['prettier --write', 'eslint --max-warnings 0 --no-warn-ignored'],
  '*.{json,md,yml,yaml,css,html}': 'prettier --write --ignore-unknown',
};
