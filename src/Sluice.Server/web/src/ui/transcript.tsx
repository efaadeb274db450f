import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Follower } from '../reading/follower';
import type { Thread } from '../state/thread';
import { current, load } from '../state/threads';
import { sought } from '../state/view';
import { words } from '../words';
import { Empty } from './empty';
import { Icon } from './icon';
import { setFollower } from './scroller';
import { TurnView } from './turn';

/** What is read: the shown branch of the conversation, which scrolls in itself. */
export function Transcript() {
  const thread = current.value;
  const box = useRef<HTMLElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const follower = useSignal<Follower | null>(null);

  const isEmpty = thread.turns.value.length === 0;
  useLayoutEffect(() => {
    // Without an answer there is no end to follow: it begins at the top.
    if (isEmpty) {
      box.current!.scrollTop = 0;
      return;
    }
    const own = new Follower(box.current!, content.current!);
    follower.value = own;
    setFollower(own);
    return () => {
      follower.value = null;
      setFollower(null);
      own.dispose();
    };
  }, [isEmpty]);
  useLayoutEffect(() => follower.value?.pin(), [thread]);
  useSought(thread);

  return (
    <>
      <main id="scroller" ref={box} tabIndex={-1} aria-label={words.transcript}>
        <div class="content" ref={content}>
          {isEmpty && <Beginning thread={thread} />}
          <div class="transcript" id="transcript" role="log" aria-live="off" aria-busy={thread.running.value !== null} aria-label={words.transcript}>
            {thread.turns.value.map(turn => <TurnView key={(turn.question ?? turn.answer)!.key} thread={thread} turn={turn} />)}
          </div>
        </div>
      </main>
      {follower.value?.isAway.value && (
        <div class="latest-place">
          <button type="button" class="latest" onPointerDown={event => event.preventDefault()} onClick={() => follower.value?.pin()}><Icon name="down" />{words.latest}</button>
        </div>
      )}
    </>
  );
}

/** What stands where there is no question yet. */
function Beginning({ thread }: { thread: Thread }) {
  switch (thread.status.value) {
    case 'loading': return null;
    case 'missing': return <p class="beginning">{words.missing}</p>;
    case 'failed': return <div class="beginning"><p>{words.notOpened}</p><button type="button" class="quiet" onClick={() => void load(thread)}>{words.tryAgain}</button></div>;
    default: return <Empty />;
  }
}

/** Shows the message that a search led to, as soon as it is there. */
function useSought(thread: Thread): void {
  const id = sought.value;
  const isThere = id !== null && thread.find(id) !== null;
  useEffect(() => {
    if (!isThere) return;
    if (!thread.tree.value.isOnPath(id, thread.head.value)) {
      thread.show(id);
      return;
    }
    sought.value = null;
    // Rendered answers above push it down until the next frames: once they stand.
    setTimeout(() => {
      const place = document.getElementById(`m-${id}`);
      place?.scrollIntoView({ block: 'center' });
      place?.classList.add('sought');
      place?.addEventListener('animationend', () => place.classList.remove('sought'), { once: true });
    }, 120);
  }, [id, isThere, thread.head.value]);
}
