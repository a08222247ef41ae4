// The refresh flow: the auth flow again, or steps of its own whose outputs take the place of the auth flow's.

import { Alert, Checkbox, Stack, Text } from '@mantine/core';
import { valueAt } from '../../../document/reading.ts';
import { useForm } from '../context.ts';
import { StepList } from '../steps/StepList.tsx';
import { Field } from './Field.tsx';
import { UpdateVariables } from './UpdateVariables.tsx';

const FLOW = ['refresh_flow'] as const;

/** The fields. */
export function RefreshFields({ kept }: { kept: string }) {
  const form = useForm();
  const { properties = {} } = form.definitions.resolve({ $ref: '#/$defs/refresh_flow' });
  const flow = form.at(FLOW);
  const isSame = valueAt(flow, ['same_as_auth_flow']) === true;
  const setSame = (next: boolean) => {
    if (next) {
      const stored = valueAt(flow, ['use_stored_credentials']);
      form.set(FLOW, { same_as_auth_flow: true, ...(stored === undefined ? {} : { use_stored_credentials: stored }) });
    } else form.remove([...FLOW, 'same_as_auth_flow']);
  };
  return (
    <Stack gap="sm">
      <Checkbox
        label="Same as the auth flow"
        description="Its steps run again, with an empty jar."
        checked={isSame}
        disabled={form.readOnly}
        data-path="refresh_flow.same_as_auth_flow"
        onChange={(event) => setSame(event.currentTarget.checked)}
      />
      <Field
        path={[...FLOW, 'use_stored_credentials']}
        schema={properties.use_stored_credentials ?? {}}
        label="Use stored credentials"
      />
      {kept !== '' && (
        <Text size="sm" c="dimmed">
          Stored after a sign-in, sealed: {kept}.
        </Text>
      )}
      {isSame ? (
        <Alert variant="light" color="gray">
          All outputs come anew with the steps, so there is nothing to update.
        </Alert>
      ) : (
        <>
          <StepList path={[...FLOW, 'steps']} label="Refresh flow" />
          <UpdateVariables schema={properties.update_variables ?? {}} />
        </>
      )}
      <Field path={[...FLOW, 'otherwise']} schema={properties.otherwise ?? {}} label="If it is refused" />
    </Stack>
  );
}
