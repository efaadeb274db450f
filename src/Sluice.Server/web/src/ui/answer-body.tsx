import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Entry } from '../state/entry';
import { AnswerPipe } from './answer-pipe';
import { renderSoon } from './render-queue';
import { engine, loadEngine, viewIn } from './rendering';

interface Props {
  entry: Entry;
  part: 'text' | 'reasoning';
}

/** The text of an answer, in an element that is its own: nothing of it goes through the page's components, however fast it grows. */
export function AnswerBody({ entry, part }: Props) {
  const root = useRef<HTMLDivElement>(null);
  const pipe = useRef<AnswerPipe>(null);
  const using = engine.value;
  const live = entry.live.value;
  const { content, reasoning } = entry.message.value;
  const stored = (part === 'text' ? content : reasoning) ?? '';

  useLayoutEffect(() => {
    loadEngine();
    const view = viewIn(root.current!, using);
    const own = new AnswerPipe(view, part);
    pipe.current = own;
    return () => {
      pipe.current = null;
      own.leave();
      view.dispose();
    };
  }, [using]);

  useLayoutEffect(() => {
    const own = pipe.current!;
    if (live) own.follow(live, stored);
    else renderSoon(() => pipe.current === own && own.show(stored));
  }, [using, live, stored]);

  return <div ref={root} class={`${part === 'text' ? 'answer' : 'text'} md ${using ? '' : 'plain'}`} />;
}
