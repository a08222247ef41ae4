// Signs one of our own people in to a connector, in a dialog: forms here, pages of the API in a window of their own.

import { Alert, Button, Group, Loader, Modal, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { Failure } from '../ui/Failure.tsx';
import { useFocusBack } from '../ui/useFocusBack.ts';
import { AskForm } from './AskForm.tsx';
import { ConfirmIdentity } from './ConfirmIdentity.tsx';
import { Ended } from './Ended.tsx';
import { OpenPage } from './OpenPage.tsx';
import { hasEnded, useRun, type Asked, type Run } from './runs.ts';
import { ShowCode } from './ShowCode.tsx';

interface Props {
  /** What people call the connector. */
  title: string;
  asked: Asked;
  /** For whom it is, where that is not who signs in. */
  warning?: string | false;
  onClose: () => void;
}

/** The dialog. Closing it gives the sign-in up; once something was typed, it asks first. */
export function SignIn({ title, asked, warning, onClose }: Props) {
  useFocusBack();
  const { run, answer, confirm, giveUp } = useRun(asked);
  const [isTyped, setTyped] = useState(false);
  const [isLeaving, setLeaving] = useState(false);
  const leave = () => {
    if (run.data && !hasEnded(run.data)) giveUp.mutate();
    onClose();
  };
  const close = () => {
    if (isTyped && run.data && !hasEnded(run.data) && !isLeaving) setLeaving(true);
    else leave();
  };
  return (
    <Modal opened onClose={close} title={`Sign in to ${title}`} closeOnClickOutside={false}>
      <Stack>
        {warning && run.data?.state !== 'signed_in' && (
          <Alert role="note" color="orange" icon={<IconUsers aria-hidden />} title="For everybody">
            {warning}
          </Alert>
        )}
        {isLeaving && (
          <Alert color="orange" title="Give this sign-in up? What you typed is lost.">
            <Group gap="xs">
              <Button size="xs" color="red" onClick={leave}>
                Give it up
              </Button>
              <Button size="xs" variant="default" onClick={() => setLeaving(false)}>
                Go on
              </Button>
            </Group>
          </Alert>
        )}
        {run.isError && <Failure error={run.error} reset={() => void run.refetch()} />}
        {answer.isError && <Failure error={answer.error} />}
        {confirm.isError && <Failure error={confirm.error} />}
        {run.isFetching && <Working />}
        {run.data && !run.isFetching && (
          <Stand
            run={run.data}
            title={title}
            isBusy={answer.isPending || confirm.isPending}
            onAnswer={(step, fields) => answer.mutate({ [step]: fields })}
            onTyped={() => setTyped(true)}
            onConfirm={() => confirm.mutate()}
            onLeave={leave}
            onAgain={() => {
              answer.reset();
              confirm.reset();
              void run.refetch();
            }}
            onDone={onClose}
          />
        )}
      </Stack>
    </Modal>
  );
}

interface StandProps {
  run: Run;
  title: string;
  isBusy: boolean;
  onAnswer: (step: string, fields: Record<string, string>) => void;
  onTyped: () => void;
  onConfirm: () => void;
  onLeave: () => void;
  onAgain: () => void;
  onDone: () => void;
}

function Stand({ run, title, isBusy, onAnswer, onTyped, onConfirm, onLeave, onAgain, onDone }: StandProps) {
  if (run.state === 'signed_in') {
    return (
      <>
        <Alert color="gate" icon={<IconCircleCheck aria-hidden />} role="status" title={`Signed in to ${title}`}>
          The sign-in was proven and is stored.
        </Alert>
        <Group justify="flex-end">
          <Button onClick={onDone} data-autofocus>
            Done
          </Button>
        </Group>
      </>
    );
  }
  if (hasEnded(run)) return <Ended run={run} onAgain={onAgain} onClose={onDone} />;
  const waiting = run.waiting_for;
  if (!waiting) return <Working />;
  if ('form' in waiting) {
    return (
      <AskForm
        key={waiting.form.step}
        form={waiting.form}
        isBusy={isBusy}
        onAnswer={onAnswer}
        onTyped={onTyped}
        onCancel={onLeave}
      />
    );
  }
  if ('open' in waiting) return <OpenPage open={waiting.open} title={title} />;
  if ('show' in waiting) return <ShowCode show={waiting.show} />;
  return <ConfirmIdentity identity={waiting.confirm_identity} isBusy={isBusy} onConfirm={onConfirm} onBack={onLeave} />;
}

function Working() {
  return (
    <Group gap="sm" role="status">
      <Loader size="sm" />
      <Text>Signing in…</Text>
    </Group>
  );
}
