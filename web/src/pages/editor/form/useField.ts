// What all fields of the form have in common: their value, their label and help, and their problems.

import { createElement, Fragment, type ReactNode } from 'react';
import { showPath } from '../../../document/path.ts';
import { about } from '../../../document/schema.ts';
import { useForm } from '../context.ts';
import { labelFor, type FieldProps } from './Field.tsx';
import { Problems } from './Problems.tsx';

const ORDER: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'description', 'error'];

/** The common part of a field. */
export function useField({ path, schema, label, bare, required }: FieldProps) {
  const form = useForm();
  const { readOnly } = form;
  const value = form.at(path);
  const problems = form.problemsOf(path);
  const words = labelFor({ path, label });
  const set = (next: unknown) => form.set(path, next);
  const error: ReactNode = problems.length > 0 && createElement(Problems, { problems });
  return {
    value,
    readOnly,
    set,
    clear: () => form.remove(path),
    common: {
      label: bare ? undefined : words,
      'aria-label': bare ? words : undefined,
      description: bare ? undefined : createElement(Fragment, null, about(schema)),
      error,
      required,
      withAsterisk: false,
      // Below, so that fields beside each other stand in one line.
      inputWrapperOrder: ORDER,
      'data-path': showPath(path),
    },
  };
}
