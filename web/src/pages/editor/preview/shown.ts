// What users get to see of a flow: its forms, and the ways to pages and codes of the API, told from the definition alone.

import { plain, valueAt } from '../../../document/reading.ts';

/** A field of a form. */
export interface ShownField {
  key: string;
  type: string;
  label: string;
  help: string;
  placeholder: string;
  initial: string;
  isRequired: boolean;
  options: { value: string; label: string }[];
}

/** One thing that a person gets to see. */
export type Shown =
  | { kind: 'form'; step: string; title: string; text: string; above: string[]; fields: ShownField[]; isSentAgain: boolean }
  | { kind: 'page'; step: string; host: string }
  | { kind: 'code'; step: string; host: string };

const PAGES = new Set(['callback', 'oauth2', 'oauth2_pkce', 'oauth1']);

/** All of it, in the order of the steps. */
export function shownOf(definition: unknown, flow: 'auth_flow' | 'step_up'): Shown[] {
  const steps = valueAt(definition, [flow, 'steps']);
  if (!Array.isArray(steps)) return [];
  return steps.flatMap((step: unknown): Shown[] => {
    const kind = plain(valueAt(step, ['kind']));
    const id = plain(valueAt(step, ['id']));
    if (kind === 'form') return [formOf(step, id, definition)];
    if (kind === 'device_code') return [{ kind: 'code', step: id, host: hostOf(step, definition) }];
    const isAlone = kind === 'oauth1' && valueAt(step, ['authorization_url']) === undefined;
    return PAGES.has(kind) && !isAlone ? [{ kind: 'page', step: id, host: hostOf(step, definition) }] : [];
  });
}

/** What people call the connector. */
export function titleOf(definition: unknown): string {
  const title = plain(valueAt(definition, ['title']));
  return title === '' ? plain(valueAt(definition, ['connector'])) : title;
}

function formOf(step: unknown, id: string, definition: unknown): Shown {
  const title = plain(valueAt(step, ['title']));
  const fields = valueAt(step, ['fields']);
  const exhibits = valueAt(step, ['show']);
  return {
    kind: 'form',
    step: id,
    title: title === '' ? titleOf(definition) : title,
    text: plain(valueAt(step, ['text'])),
    above: Array.isArray(exhibits) ? exhibits.map(exhibitOf) : [],
    fields: Array.isArray(fields) ? fields.map(fieldOf) : [],
    isSentAgain: valueAt(step, ['resend']) !== undefined,
  };
}

function fieldOf(field: unknown): ShownField {
  const text = (name: string) => plain(valueAt(field, [name]));
  const options = valueAt(field, ['options']);
  return {
    key: text('key'),
    type: text('type') === '' ? 'text' : text('type'),
    label: text('label') === '' ? text('key') : text('label'),
    help: text('help'),
    placeholder: text('placeholder'),
    initial: text('default'),
    isRequired: valueAt(field, ['required']) !== false,
    options: Array.isArray(options) ? options.map(optionOf) : [],
  };
}

function optionOf(option: unknown): { value: string; label: string } {
  if (typeof option !== 'object' || option === null) return { value: plain(option), label: plain(option) };
  const value = plain(valueAt(option, ['value']));
  const label = plain(valueAt(option, ['label']));
  return { value, label: label === '' ? value : label };
}

function exhibitOf(exhibit: unknown): string {
  const label = plain(valueAt(exhibit, ['label']));
  const text = plain(valueAt(exhibit, ['text']));
  const what = text !== '' ? text : valueAt(exhibit, ['qr']) === undefined ? 'an image' : 'a QR code';
  return label === '' ? what : `${label}: ${what}`;
}

/** The host that a person goes on at; that of the API where the address comes from elsewhere. */
function hostOf(step: unknown, definition: unknown): string {
  const base = plain(valueAt(definition, ['base_url']));
  const keys = ['url', 'authorization_url', 'device_authorization_url', 'issuer'];
  const url = keys.map((key) => plain(valueAt(step, [key]))).find((one) => one !== '') ?? base;
  const whole = url.replace(/^\{\{\s*base_url\s*\}\}/, base).replace(/\{\{[^{}]*\}\}/g, 'x');
  for (const candidate of [whole, base]) {
    try {
      return new URL(candidate).hostname;
    } catch {
      // Not written out: the next one.
    }
  }
  return base;
}
