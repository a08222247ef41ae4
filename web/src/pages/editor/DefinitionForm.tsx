// The form: every part of a definition has its place in it.

import { Alert, Text, Title } from '@mantine/core';
import { memo, type FocusEvent } from 'react';
import { parsePath } from '../../document/path.ts';
import { useEditor, useForm, useSnapshot } from './context.ts';
import classes from './DefinitionForm.module.css';
import { AnyField } from './form/AnyField.tsx';
import { Field } from './form/Field.tsx';
import { ObjectFields } from './form/ObjectFields.tsx';
import { RefreshFields } from './form/RefreshFields.tsx';
import { StepUpFields } from './form/StepUpFields.tsx';
import { TestApiFields } from './form/TestApiFields.tsx';
import { SECTIONS, type Section } from './sections.ts';
import { StepList } from './steps/StepList.tsx';
import { useFollowing } from './useFollowing.ts';

/** Keys that a section shows even where they are left out. */
const ALWAYS: Record<string, readonly string[]> = {
  connection: ['owner', 'keep_in', 'identity', 'label'],
  cookies: ['forward_all', 'double_submit'],
  session: ['over_when', 'expires_in', 'margin'],
  sign_in: [],
};

/** The form. */
export function DefinitionForm({ kept }: { kept: string }) {
  const { store, caret } = useEditor();
  const { fault } = useSnapshot(store);
  const form = useForm();
  useFollowing(store);
  const enter = ({ target }: FocusEvent) => {
    caret.enter(target);
    const named = target.closest<HTMLElement>('[data-path]')?.dataset.path;
    if (named !== undefined) form.mark(parsePath(named));
  };
  return (
    // What has the focus are the fields inside; here it is only seen which of them.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div className={classes.form} onFocus={enter} onBlur={({ target }) => caret.leave(target)}>
      {fault && (
        <Alert color="orange" variant="light" title={`Line ${fault.line}: ${fault.message}`}>
          Showing the last valid text. The form can be edited again once the text can be read.
        </Alert>
      )}
      {SECTIONS.map((section) => (
        <section key={section.id} id={`part-${section.id}`} tabIndex={-1} aria-labelledby={`title-${section.id}`} className={classes.part}>
          <Title order={2} id={`title-${section.id}`}>
            {section.title}
          </Title>
          <Text size="sm" c="dimmed" mb="xs">
            {section.about}
          </Text>
          <Part section={section} kept={section.id === 'refresh_flow' ? kept : ''} />
        </section>
      ))}
    </div>
  );
}

const Part = memo(function Part({ section, kept }: { section: Section; kept: string }) {
  const form = useForm();
  const { definitions } = form;
  const { root } = definitions;
  switch (section.id) {
    case 'auth_flow':
    case 'logout_flow':
      return <StepList path={[section.id, 'steps']} label={section.title} />;
    case 'refresh_flow':
      return <RefreshFields kept={kept} />;
    case 'step_up':
      return <StepUpFields />;
    case 'test_api':
      return <TestApiFields />;
    default:
  }
  const known = section.keys.filter((key) => root.properties?.[key]);
  const strange = section.keys.filter((key) => !known.includes(key) && form.at([key]) !== undefined);
  const [only] = known;
  const isWhole = known.length === 1 && only !== undefined;
  return (
    <div className={classes.fields}>
      {isWhole && definitions.shape(root.properties?.[only] ?? {}) === 'object' ? (
        <ObjectFields path={[only]} schema={root.properties?.[only] ?? {}} always={ALWAYS[only] ?? []} />
      ) : (
        known.map((key) => (
          <Field key={key} path={[key]} schema={root.properties?.[key] ?? {}} required={root.required?.includes(key)} isWhole={isWhole} />
        ))
      )}
      {strange.map((key) => (
        <AnyField key={key} path={[key]} schema={{}} />
      ))}
      {known.length === 0 && strange.length === 0 && (
        <Text size="sm">This version of Stepgate does not have it yet.</Text>
      )}
    </div>
  );
});
