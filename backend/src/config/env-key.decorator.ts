/** How a key of the environment is documented. */
export interface EnvKeyOptions {
  /** One sentence for the reference. */
  doc: string;
  /** True where the value must never be printed. */
  secret?: boolean;
  /** When the key must be set; optional where nothing is said. */
  required?: 'production';
}

interface EnvKey extends EnvKeyOptions {
  name: string;
}

const keys: EnvKey[] = [];

/** Documents a property of `EnvDto`; the reference `docs/env.md` is generated from it. */
export function EnvKey(options: EnvKeyOptions): PropertyDecorator {
  return (_target, name) => {
    keys.push({ name: String(name), ...options });
  };
}

/** Every documented key, in the order of declaration. */
export const listEnvKeys = (): readonly Readonly<EnvKey>[] => keys;
