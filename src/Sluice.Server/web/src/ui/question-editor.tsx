import { useEffect, useRef, useState } from 'preact/hooks';
import { words } from '../words';
import { isComposing } from './focus';
import { useGrowing } from './growing';

interface Props {
  text: string;
  /** Whether an answer runs, so that nothing can be sent. */
  isLocked: boolean;
  onSend(text: string): void;
  onCancel(): void;
}

/** Changes a question in its place, to ask it once more. */
export function QuestionEditor({ text, isLocked, onSend, onCancel }: Props) {
  const box = useRef<HTMLTextAreaElement>(null);
  const [typed, setTyped] = useState(text);
  useGrowing(box, typed);
  useEffect(() => {
    box.current!.focus();
    box.current!.setSelectionRange(text.length, text.length);
  }, []);
  const send = (): void => {
    if (typed.trim() && !isLocked) onSend(typed);
  };
  return (
    <form
      class="editor"
      onSubmit={event => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        ref={box}
        rows={1}
        value={typed}
        aria-label={words.editLabel}
        onInput={event => setTyped(event.currentTarget.value)}
        onKeyDown={event => {
          if (isComposing(event)) return;
          if (event.key === 'Escape') onCancel();
          else if (event.key === 'Enter' && !event.shiftKey && !event.ctrlKey && !event.altKey) send();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <div class="editor-row">
        <span class="editor-note">{words.editNote}</span>
        <button type="button" class="quiet" onClick={onCancel}>{words.cancel}</button>
        <button type="submit" class="primary" disabled={isLocked || !typed.trim()}>{words.resend}</button>
      </div>
    </form>
  );
}
