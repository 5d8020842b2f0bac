// As much of JSON Schema (2020-12) as the report's schema uses: says where a document breaks it. An unknown keyword is
// an error, so that no rule of the schema goes unchecked.

type Schema = Readonly<Record<string, unknown>>;

/** Every breach as `path: what`; none for a valid document. */
export function breachesOf(schema: Schema, document: unknown): string[] {
  return check(schema, schema, document, '');
}

const annotations = new Set(['$schema', '$id', '$defs', 'title', 'description']);

function check(root: Schema, schema: Schema, value: unknown, path: string): string[] {
  return Object.entries(schema).flatMap(([keyword, rule]): string[] => {
    if (annotations.has(keyword)) return [];
    const fail = (what: string) => [`${path || '/'}: ${what}`];
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    const members = isObject ? (value as Record<string, unknown>) : {};
    switch (keyword) {
      case '$ref':
        return check(root, resolve(root, rule as string), value, path);
      case 'type': {
        const types = Array.isArray(rule) ? (rule as string[]) : [rule as string];
        return types.some((type) => isOfType(type, value)) ? [] : fail(`not ${types.join(' or ')}`);
      }
      case 'const':
        return value === rule ? [] : fail(`not ${String(rule)}`);
      case 'enum':
        return (rule as unknown[]).includes(value) ? [] : fail('not one of the list');
      case 'pattern':
        return typeof value !== 'string' || new RegExp(rule as string, 'u').test(value) ? [] : fail('no match');
      case 'minLength':
        return typeof value !== 'string' || value.length >= (rule as number) ? [] : fail('too short');
      case 'minimum':
        return typeof value !== 'number' || value >= (rule as number) ? [] : fail('too small');
      case 'required':
        return (rule as string[]).flatMap((name) => (isObject && !(name in members) ? fail(`lacks ${name}`) : []));
      case 'properties': {
        const named = rule as Record<string, Schema>;
        return Object.entries(members).flatMap(([name, member]) =>
          Object.hasOwn(named, name) ? check(root, named[name]!, member, `${path}/${name}`) : [],
        );
      }
      case 'additionalProperties': {
        const named = (schema['properties'] ?? {}) as Record<string, Schema>;
        return Object.keys(members).flatMap((name) => (Object.hasOwn(named, name) ? [] : fail(`unknown ${name}`)));
      }
      case 'items':
        return Array.isArray(value)
          ? value.flatMap((item, index) => check(root, rule as Schema, item, `${path}/${index}`))
          : [];
      case 'anyOf': {
        const tried = (rule as Schema[]).map((option) => check(root, option, value, path));
        return tried.some((breaches) => breaches.length === 0) ? [] : fail('none of the choices');
      }
      default:
        throw new Error(`the schema uses "${keyword}", which is not checked`);
    }
  });
}

function resolve(root: Schema, reference: string): Schema {
  return reference
    .replace(/^#\//, '')
    .split('/')
    .reduce<Schema>((at, part) => at[part] as Schema, root);
}

function isOfType(type: string, value: unknown): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}
