import { useEffect, useState } from 'preact/hooks';
import { words } from '../words';
import { copy } from './clipboard';
import { IconButton } from './icon-button';

/** Milliseconds for which it says that it is done. */
const shown = 1_600;

/** Copies a text, and says so for a moment. */
export function CopyButton({ text }: { text(): string }) {
  const [isDone, setDone] = useState(false);
  useEffect(() => {
    if (!isDone) return;
    const timer = setTimeout(() => setDone(false), shown);
    return () => clearTimeout(timer);
  }, [isDone]);
  return <IconButton class={`copy ${isDone ? 'done' : ''}`} icon={isDone ? 'check' : 'copy'} label={isDone ? words.copied : words.copy} onClick={() => void copy(text()).then(setDone)} />;
}
