// What the name at the caret stands for: its type, where it comes from, and what the last test found there.

import { Button } from '@mantine/core';
import { Moment } from '../../../ui/Moment.tsx';
import { useEditor } from '../context.ts';
import { Below } from './Below.tsx';
import classes from './Completion.module.css';
import { offerFor, type Offer } from './offers.ts';

interface Props {
  field: HTMLElement;
  word: string;
  offers: readonly Offer[];
}

/** The card; nothing where the name is not known. */
export function NameCard({ field, word, offers }: Props) {
  const { showOutput } = useEditor();
  const offer = offerFor(offers, word);
  if (!offer) return null;
  const known = offer.text === word ? offer.known : null;
  return (
    <Below field={field}>
      <div className={classes.card}>
        <p className={classes.head}>
          <span className={classes.name}>{word}</span>
          <span className={classes.type}>{offer.text === word ? offer.type : `in ${offer.text}`}</span>
        </p>
        <p className={classes.text}>{offer.isLater ? 'Its step runs after this one.' : offer.about}</p>
        {known ? (
          <p className={classes.text}>
            Last test: <code>{known.shown}</code>
            {known.length != null && `, ${known.length} long`}, <Moment at={new Date(known.at).toISOString()} />
          </p>
        ) : (
          <p className={classes.text}>No test has shown it yet.</p>
        )}
        {known && (
          <Button
            size="compact-xs"
            variant="light"
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => showOutput(word)}
          >
            Show in Test
          </Button>
        )}
      </div>
    </Below>
  );
}
