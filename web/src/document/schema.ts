// The JSON Schema of a definition, as the form reads it: what may stand at a place, in which order, and how it is edited.

import type { KeyOrder } from './edit.ts';
import type { Path } from './path.ts';
import { valueAt } from './reading.ts';

/** As much of JSON Schema as a definition's uses. */
export interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  description?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: boolean | Schema;
  pattern?: string;
}

/** How a value is edited. */
export type Shape = 'text' | 'choice' | 'truth' | 'number' | 'condition' | 'map' | 'list' | 'object' | 'any';

/** The schema of a definition. */
export class Definitions {
  constructor(readonly root: Schema) {}

  /** What a reference stands for, under its own description where it has one. */
  resolve(schema: Schema): Schema {
    const name = nameOf(schema);
    const found = name === null ? undefined : this.root.$defs?.[name];
    return found ? { ...found, description: schema.description ?? found.description } : schema;
  }

  /** The variant of a schema that a value is of, by its kind; the schema itself where it has none. */
  variant(schema: Schema, value: unknown): Schema {
    const whole = this.resolve(schema);
    if (!whole.anyOf) return whole;
    const variants = whole.anyOf.map((one) => this.resolve(one));
    const kind = valueAt(value, ['kind']);
    return variants.find(({ properties }) => properties?.kind?.const === kind && kind !== undefined) ?? whole;
  }

  /** The kinds that a schema's variants have, each with what it is for. */
  kinds(name: string): { kind: string; about: string }[] {
    const variants = this.root.$defs?.[name]?.anyOf ?? [];
    return variants.flatMap((one) => {
      const { properties, description = '' } = this.resolve(one);
      const kind = properties?.kind?.const;
      return typeof kind === 'string' ? [{ kind, about: description }] : [];
    });
  }

  /** The schema of the value at a path. */
  at(path: Path, value: unknown): Schema {
    let schema: Schema = this.root;
    path.forEach((part, depth) => {
      const inner = this.variant(schema, valueAt(value, path.slice(0, depth)));
      if (typeof part === 'number') schema = inner.items ?? {};
      else {
        const further = typeof inner.additionalProperties === 'object' ? inner.additionalProperties : {};
        schema = inner.properties?.[part] ?? further;
      }
    });
    return schema;
  }

  /** In which order keys are written, for a definition of this value. */
  order(value: unknown): KeyOrder {
    return (path) => Object.keys(this.variant(this.at(path, value), valueAt(value, path)).properties ?? {});
  }

  /** How a value of this schema is edited. */
  shape(schema: Schema): Shape {
    if (nameOf(schema) === 'condition') return 'condition';
    const { type, enum: choices, anyOf, properties, additionalProperties } = this.resolve(schema);
    if (choices) return 'choice';
    if (type === 'boolean') return 'truth';
    if (type === 'integer' || type === 'number') return 'number';
    if (type === 'array') return 'list';
    if (type === 'object') return properties || additionalProperties === false ? 'object' : 'map';
    if (type === 'string' || Array.isArray(type)) return 'text';
    if (anyOf?.some((one) => nameOf(one) !== null && this.resolve(one).properties?.kind)) return 'object';
    // A duration, or a list for which one text may stand.
    if (anyOf?.every((one) => one.type !== 'object' && !one.items?.anyOf)) return 'text';
    return 'any';
  }
}

/** The name of what a schema refers to. */
export function nameOf(schema: Schema): string | null {
  return schema.$ref?.replace('#/$defs/', '') ?? null;
}

/** What is there where a value is left out, as its description says. */
export function leftOut({ description = '' }: Schema): string | null {
  return /Left out: (.*?)\.?$/.exec(description)?.[1] ?? null;
}

/** What a value is for, without what stands for it where it is left out. */
export function about({ description = '' }: Schema): string {
  return description
    .replace(/\s*Left out: .*$/, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll('`', '');
}

const WORDS: Record<string, string> = {
  url: 'URL',
  id: 'ID',
  api: 'API',
  css: 'CSS',
  json: 'JSON',
  jwt: 'JWT',
  par: 'PAR',
  dpop: 'DPoP',
  aws: 'AWS',
  hmac: 'HMAC',
  ntlm: 'NTLM',
  oauth1: 'OAuth 1.0a',
  oauth2: 'OAuth 2.0',
  sigv4: 'Signature Version 4',
  graphql: 'GraphQL',
};

/** A key as people read it: `token_url` is “Token URL”. */
export function labelOf(key: string): string {
  const words = key.split('_').map((word) => WORDS[word] ?? word);
  const text = words.join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
