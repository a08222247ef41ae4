// A step in a few words, for its card while it is folded: “POST /login, expects 200”.

import { valueAt } from '../../../document/reading.ts';

/** The words. */
export function summaryOf(step: Readonly<Record<string, unknown>>): string {
  const parts = [what(step), expects(step.expect), step.when === undefined ? '' : `only if ${condition(step.when)}`];
  return parts.filter((part) => part !== '').join(', ');
}

function what(step: Readonly<Record<string, unknown>>): string {
  const url = valueAt(step, ['request', 'url']) ?? step.url ?? step.authorization_url ?? step.token_url;
  if (Array.isArray(step.fields)) {
    const keys = step.fields.map((field) => valueAt(field, ['key'])).filter((key) => typeof key === 'string');
    return `asks for ${keys.join(', ')}`;
  }
  if (typeof url === 'string') {
    const method = valueAt(step, ['request', 'method']);
    const short = url.replace(/^\{\{\s*base_url\s*\}\}/, '').replace(/\?.*$/, '');
    return `${typeof method === 'string' ? `${method} ` : ''}${short === '' ? '/' : short}`;
  }
  if (typeof step.of === 'string') return `renews ${step.of}`;
  return typeof step.title === 'string' ? step.title : '';
}

function expects(expect: unknown): string {
  return expect === undefined ? '' : `expects ${condition(expect)}`;
}

function condition(value: unknown): string {
  if (typeof value !== 'object' || value === null) return '';
  if (Array.isArray(value)) return value.map(condition).join(' and ');
  const test = value as Record<string, unknown>;
  for (const [join, word] of [
    ['all', ' and '],
    ['any', ' or '],
  ] as const) {
    const list = test[join];
    if (Array.isArray(list)) return list.map(condition).join(word);
  }
  if (test.not !== undefined) return `not ${condition(test.not)}`;
  const name = String(test.value).replace(/^\{\{\s*|\s*\}\}$/g, '');
  if (typeof test.exists === 'boolean') return `${name} ${test.exists ? 'is there' : 'is not there'}`;
  const [operator, operand] = Object.entries(test).find(([key]) => key in SIGNS) ?? ['equals', ''];
  return `${name} ${SIGNS[operator] ?? ''} ${Array.isArray(operand) ? operand.map(String).join(' or ') : String(operand)}`;
}

const SIGNS: Record<string, string> = {
  equals: 'is',
  not_equals: 'is not',
  in: 'is',
  matches: 'matches',
  less_than: '<',
  greater_than: '>',
};
