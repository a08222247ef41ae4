// A request as it was sent and its reply as it was received, over all redirects; values hidden until asked for.

import type { Hop, TestRun } from '../../../api/testRuns.ts';
import { Reveal } from './Reveal.tsx';
import classes from './test.module.css';
import type { Exchange } from './timeline.ts';

/** The exchange. */
export function ExchangeView({ run, exchange }: { run: TestRun | null; exchange: Exchange }) {
  const place = `exchange[${exchange.index}]`;
  return (
    <section>
      {exchange.hops.map((hop, at) => (
        <HopDetails key={at} run={run} hop={hop} place={place} at={at} isLast={at === exchange.hops.length - 1} />
      ))}
    </section>
  );
}

interface HopProps {
  run: TestRun | null;
  hop: Hop;
  place: string;
  at: number;
  isLast: boolean;
}

function HopDetails({ run, hop, place, at, isLast }: HopProps) {
  return (
    <>
      <h3 className={classes.heading}>{at === 0 ? 'Request' : `Redirect ${at}`}</h3>
      <pre className={classes.block}>
        {hop.method} {hop.url}
        {fields(hop.headers)}
      </pre>
      <Body run={run} value={hop.body} path={`${place}.hops[${at}].request.body`} name="the request’s body" />
      <h3 className={classes.heading}>
        Reply {hop.status ?? '(none)'}
        {hop.status != null && <span className={classes.size}>{sizeOf(hop.bytes)}</span>}
      </h3>
      <pre className={classes.block}>{fields(hop.reply_headers).trimStart()}</pre>
      {isLast && <Body run={run} value={hop.reply_body} path={`${place}.reply.body`} name="the reply’s body" />}
    </>
  );
}

function Body({ run, value, path, name }: { run: TestRun | null; value: unknown; path: string; name: string }) {
  if (value === undefined || value === null) return null;
  return (
    <>
      <pre className={classes.block}>{typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</pre>
      <Reveal run={run} path={path} name={name} />
    </>
  );
}

function fields(headers: Hop['headers']): string {
  return headers.map(({ name, value }) => `\n${name}: ${value}`).join('');
}

/** A number of bytes, as people read it. */
function sizeOf(bytes: number): string {
  if (bytes < 1024) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
