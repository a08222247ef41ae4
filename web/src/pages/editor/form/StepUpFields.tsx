// Step-up: which reply wants more proof, what is done for it, and what of that goes with the call when it is sent again.

import { Stack } from '@mantine/core';
import { useForm } from '../context.ts';
import { StepList } from '../steps/StepList.tsx';
import { Field } from './Field.tsx';

const PART = ['step_up'] as const;

/** The fields. */
export function StepUpFields() {
  const form = useForm();
  const { properties = {} } = form.definitions.resolve({ $ref: '#/$defs/step_up' });
  return (
    <Stack gap="sm">
      <Field path={[...PART, 'when']} schema={properties.when ?? {}} label="When" />
      <StepList path={[...PART, 'steps']} label="Step-up" />
      <Field path={[...PART, 'request_parameters']} schema={properties.request_parameters ?? {}} label="Added to the call" />
    </Stack>
  );
}
