// The screen preview: what users see of the sign-in, as the managed auth screen shows it. Nothing of it is sent.

import { Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Empty } from '../../../ui/Empty.tsx';
import { useForm } from '../context.ts';
import { PreviewField } from './PreviewField.tsx';
import classes from './preview.module.css';
import { shownOf, titleOf, type Shown } from './shown.ts';

/** The pane. */
export function ScreenPreview() {
  const { value } = useForm();
  const [chosen, setChosen] = useState(0);
  const auth = shownOf(value, 'auth_flow');
  const all = [...auth, ...shownOf(value, 'step_up')];
  const at = Math.min(chosen, all.length - 1);
  const shown = all[at];
  const title = titleOf(value);
  if (!shown) {
    return (
      <Empty title="Users see nothing of this sign-in">
        No step asks a person. A form, an OAuth sign-in, a callback or a device code would show here as they get it.
      </Empty>
    );
  }
  return (
    <Stack p="md" gap="md" className={classes.pane}>
      {all.length > 1 && (
        <Select
          label="Shown"
          data={all.map((one, index) => ({ value: String(index), label: nameOf(one, index, auth.length) }))}
          value={String(at)}
          onChange={(next) => setChosen(Number(next))}
        />
      )}
      <section className={classes.screen} aria-label="As users see it">
        <div className={classes.dialog}>
          <Inside key={`${at} ${shown.step}`} shown={shown} title={title} />
        </div>
      </section>
      <Text size="sm" c="dimmed">
        In the managed auth screen, in English; what a template yields shows as it is written. Nothing that you type here is
        kept or sent.
      </Text>
    </Stack>
  );
}

function Inside({ shown, title }: { shown: Shown; title: string }) {
  switch (shown.kind) {
    case 'form':
      return (
        // It shows what users get; there is nothing to send.
        <form onSubmit={(event) => event.preventDefault()}>
          <h2>{shown.title}</h2>
          <p className={classes.soft}>{title}</p>
          {shown.text !== '' && <p>{shown.text}</p>}
          {shown.above.map((text) => (
            <p key={text} className={classes.code}>
              {text}
            </p>
          ))}
          {shown.fields.map((field, index) => (
            <PreviewField key={`${index} ${field.key}`} field={field} />
          ))}
          <div className={classes.row}>
            <button type="button" className={classes.main}>
              Continue
            </button>
            {shown.isSentAgain && <button type="button">Send again</button>}
            <button type="button">Cancel</button>
          </div>
        </form>
      );
    case 'page':
      return (
        <>
          <h2>{`Sign in at ${title}`}</h2>
          <p>{`You go on at ${shown.host} and come back here.`}</p>
          <div className={classes.row}>
            <button type="button" className={classes.main}>{`Continue to ${title}`}</button>
            <button type="button">Cancel</button>
          </div>
        </>
      );
    case 'code':
      return (
        <>
          <h2>{`Sign in to ${title} with a code`}</h2>
          <p>Open this address in any browser, here or on your phone, and enter the code:</p>
          <p className={classes.soft}>{`The address comes from ${shown.host}.`}</p>
          <p className={classes.code}>WDJB-MJHT</p>
          <p>This page goes on by itself.</p>
          <div className={classes.row}>
            <button type="button">Cancel</button>
          </div>
        </>
      );
  }
}

function nameOf(shown: Shown, index: number, auth: number): string {
  const what = { form: 'form', page: 'page of the API', code: 'code for another device' }[shown.kind];
  return `${index >= auth ? 'Step-up: ' : ''}${shown.step}, ${what}`;
}
