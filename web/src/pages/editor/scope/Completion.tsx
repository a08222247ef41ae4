// Below the field of the form that has the focus: what its `{{` may name, or what the name at the caret stands for.

import { useEffect, useId, useState, useSyncExternalStore } from 'react';
import { namesAt, type Names } from '../../../api/scope.ts';
import { chosen, openedAt, type Opened } from '../../../document/opened.ts';
import { showPath, type Path } from '../../../document/path.ts';
import { useSay } from '../../../ui/LiveRegion.tsx';
import { typeInto, type TextField } from '../caret.ts';
import { useEditor } from '../context.ts';
import { Below } from './Below.tsx';
import classes from './Completion.module.css';
import { useLastTest } from './lastTest.ts';
import { NameCard } from './NameCard.tsx';
import { filtersOf, fitting, offersOf, type Offer } from './offers.ts';
import { OfferRow } from './OfferRow.tsx';

/** The list or card of the focused field. */
export function Completion() {
  const { caret } = useEditor();
  const focused = useSyncExternalStore(caret.subscribe, caret.current);
  return focused && <OfField key={showPath(focused.path)} field={focused.field} path={focused.path} />;
}

/** What the caret is in, and whether a list was asked for by typing. */
interface Place {
  opened: Opened;
  lists: boolean;
  at: number;
}

function OfField({ field, path }: { field: TextField; path: Path }) {
  const { store, lastTest } = useEditor();
  const { outputs } = useLastTest(lastTest);
  const say = useSay();
  const id = useId();
  const [place, setPlace] = useState<Place | null>(null);
  const [names, setNames] = useState<Names | null>(null);
  const isOpen = place !== null;
  useEffect(() => {
    if (!isOpen) return undefined;
    let isLate = false;
    void namesAt({ text: store.current().text, path: showPath(path) }).then((found) => {
      if (!isLate) setNames(found);
    });
    return () => {
      isLate = true;
    };
  }, [isOpen, path, store]);

  const lists = place?.lists === true;
  const offers = names && place ? listed(names, outputs, place.opened) : [];
  const count = lists && names ? offers.length : null;
  const at = Math.min(place?.at ?? 0, Math.max(0, offers.length - 1));
  const choose = (offer: Offer | undefined) => {
    if (!place || !offer || offer.isLater) return;
    const { text, caret } = chosen(field.value, place.opened, offer.text);
    typeInto(field, text, caret);
    setPlace(null);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === ' ' && event.ctrlKey) look(true);
    else if (!isOpen) return;
    else if (event.key === 'Escape') setPlace(null);
    else if (!lists || offers.length === 0) return;
    else if (event.key === 'ArrowDown') setPlace({ ...place, at: (at + 1) % offers.length });
    else if (event.key === 'ArrowUp') setPlace({ ...place, at: (at + offers.length - 1) % offers.length });
    else if (event.key === 'Enter' || event.key === 'Tab') {
      if (offers[at]?.isLater ?? true) return;
      choose(offers[at]);
    } else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const look = (asked: boolean) => {
    const opened = openedAt(field.value, field.selectionStart ?? 0);
    setPlace((before) => {
      if (!opened) return null;
      // Whoever moves through a finished template reads of it; whoever types in it gets the list.
      if (!asked && !opened.isClosed && before === null) return { opened, lists: true, at: 0 };
      if (!asked) return before?.lists && before.opened.from === opened.from ? { ...before, opened } : { opened, lists: false, at: 0 };
      return { opened, lists: true, at: 0 };
    });
  };
  useEffect(() => {
    const onInput = (event: Event) => look(event.isTrusted);
    const onMove = () => {
      if (document.activeElement === field) look(false);
    };
    field.addEventListener('input', onInput);
    field.addEventListener('keydown', onKey as EventListener, true);
    document.addEventListener('selectionchange', onMove);
    return () => {
      field.removeEventListener('input', onInput);
      field.removeEventListener('keydown', onKey as EventListener, true);
      document.removeEventListener('selectionchange', onMove);
    };
  });
  useEffect(() => {
    if (count === null) return undefined;
    field.setAttribute('aria-controls', id);
    field.setAttribute('aria-autocomplete', 'list');
    if (count > 0) field.setAttribute('aria-activedescendant', `${id}-${at}`);
    return () => ['aria-controls', 'aria-autocomplete', 'aria-activedescendant'].forEach((name) => field.removeAttribute(name));
  }, [field, id, count, at]);
  useEffect(() => {
    if (count !== null) say(count === 0 ? 'Nothing is called so' : `${count} to choose from`);
  }, [count, say]);
  useEffect(() => {
    if (lists) document.getElementById(`${id}-${at}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, at, lists]);

  if (!place || !names) return null;
  if (!lists) return <NameCard field={field} word={place.opened.word} offers={offersOf(names, outputs)} />;
  return (
    <Below field={field}>
      {/* It scrolls, so that assistive software has to reach it; the keys are the field’s. */}
      <div id={id} role="listbox" tabIndex={0} aria-label="What can be read here" className={classes.list}>
        {offers.map((offer, index) => (
          <OfferRow
            key={offer.text}
            id={`${id}-${index}`}
            offer={offer}
            isActive={index === at}
            onChoose={() => choose(offer)}
          />
        ))}
      </div>
      {offers.length === 0 && (
        <p className={classes.none}>
          {place.opened.typed === '' ? 'Nothing can be read here.' : `Nothing that can be read here is called ${place.opened.typed}.`}
        </p>
      )}
    </Below>
  );
}

function listed(names: Names, outputs: Parameters<typeof offersOf>[1], opened: Opened): Offer[] {
  const all = opened.wants === 'filter' ? filtersOf(names) : offersOf(names, outputs);
  return fitting(all, opened.typed);
}
