import { useEffect, useState } from 'preact/hooks';
import type { Entry } from '../state/entry';
import type { LiveAnswer } from '../stream/live-answer';
import { words } from '../words';
import { count } from '../words/numbers';
import { endingOf } from './ending';

/** Seconds since this began to be shown. */
function useSeconds(): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const begun = performance.now();
    const timer = setInterval(() => setSeconds(Math.floor((performance.now() - begun) / 1000)), 1000);
    return () => clearInterval(timer);
  }, []);
  return seconds;
}

function Waiting({ text }: { text(seconds: number): string }) {
  return <>{text(useSeconds())}</>;
}

function LiveState({ live }: { live: LiveAnswer }) {
  const kept = live.kept.value;
  switch (live.state.value) {
    case 'connecting': return <>{words.connecting}</>;
    case 'waiting': return <Waiting key="waiting" text={words.waiting} />;
    case 'thinking': return <>{words.thinking}</>;
    case 'streaming': return <>{words.streaming}</>;
    case 'reconnecting': return <>{words.reconnecting(kept > 0 ? count(kept) : '')}</>;
    case 'busy': return <Waiting key="busy" text={words.busy} />;
    case 'stopping': return <>{words.stopping}</>;
    case 'cut': return <>{words.lost}</>;
    default: return null;
  }
}

/** Where an answer stands, in words; nothing for one that is whole. */
export function StateLine({ entry }: { entry: Entry }) {
  const live = entry.live.value;
  const message = entry.message.value;
  const cuts = entry.cuts.value;
  const ending = live || message.state === 'running' ? '' : endingOf(message, { problem: entry.problem.value, isStoppedHere: entry.isStoppedHere, isStored: entry.isStored });
  // Only of what stands: of an answer that failed something may well be lost.
  const isMended = cuts > 0 && !entry.wasReset.value && (live ? live.state.value === 'streaming' || live.state.value === 'thinking' : message.state === 'done');
  return (
    <>
      {live ? <span class="state"><LiveState live={live} /></span> : message.state === 'running' ? <span class="state">{words.checking}</span> : ending && <span class="state">{ending}</span>}
      {isMended && <span class="mended">{words.mended(cuts)}</span>}
    </>
  );
}
