import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { ask, stop } from '../state/asking';
import { drafts } from '../state/drafts';
import { listStatus } from '../state/list';
import { current } from '../state/threads';
import { edited } from '../state/view';
import { words } from '../words';
import { fit } from './growing';
import { focusComposer, isComposing } from './focus';
import { Icon } from './icon';
import { ModelPicker } from './model-picker';
import { pinToEnd, scrollByPage } from './scroller';
import { say } from './spoken';

/** The questions of the conversation that the server has. */
const questions = (): string[] => current.value.entries.peek().filter(entry => entry.isStored).map(entry => entry.message.peek().content);

/** Where questions are typed. What is typed outlives errors, reloads and other conversations. */
export function Composer() {
  const thread = current.value;
  const box = useRef<HTMLTextAreaElement>(null);
  const isBlank = useSignal(true);
  const isWarning = useSignal(false);
  const running = thread.running.value;
  const status = thread.status.value;

  const put = (text: string): void => {
    box.current!.value = text;
    isBlank.value = !text.trim();
    fit(box.current!);
  };
  useLayoutEffect(() => put(drafts.read(thread.id.peek())), [thread]);
  useEffect(() => {
    // Which questions have arrived is known once the conversation has been read.
    if (status !== 'loading' && !box.current!.value) put(drafts.restore(thread.id.peek(), questions()));
  }, [thread, status === 'loading']);
  useEffect(() => focusComposer(), [thread]);
  useEffect(() => {
    if (!running) isWarning.value = false;
  }, [running]);

  const send = async (): Promise<void> => {
    const text = box.current!.value;
    if (!text.trim()) return;
    if (thread.running.value) {
      isWarning.value = true;
      say(words.stillRunning);
      return;
    }
    if (await ask(thread, text)) {
      // Meanwhile more may have been typed, or another conversation be shown.
      if (thread === current.value && box.current?.value === text) put('');
      pinToEnd();
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (isComposing(event)) return;
    const last = thread.turns.value.at(-1)?.question;
    if (event.key === 'Enter' && !event.shiftKey && !event.ctrlKey && !event.altKey) void send();
    else if (event.key === 'ArrowUp' && !box.current!.value && last && !running) edited.value = last.key;
    else if (event.key === 'PageUp' || event.key === 'PageDown') scrollByPage(event.key === 'PageUp' ? -1 : 1);
    else return;
    event.preventDefault();
  };
  return (
    <footer class="dock">
      <form
        class="composer"
        id="composer"
        onSubmit={event => {
          event.preventDefault();
          void send();
        }}
      >
        <textarea
          id="question"
          ref={box}
          rows={1}
          autocomplete="off"
          spellcheck
          enterkeyhint="send"
          aria-label={words.composer}
          aria-describedby="hint"
          placeholder={words.placeholder}
          onInput={event => {
            const text = event.currentTarget.value;
            isBlank.value = !text.trim();
            fit(event.currentTarget);
            drafts.save(thread.id.value, text);
          }}
          onKeyDown={onKeyDown}
        />
        <div class="composer-row">
          <ModelPicker />
          {running
            ? <button type="button" class="round" id="stop" title={words.stop} aria-label={words.stop} onPointerDown={event => event.preventDefault()} onClick={() => { stop(thread); focusComposer(); }}><Icon name="stop" /></button>
            : <button type="submit" class="round" id="send" title={words.send} aria-label={words.send} disabled={isBlank.value} onPointerDown={event => event.preventDefault()}><Icon name="up" /></button>}
        </div>
      </form>
      <p class={`hint ${isWarning.value ? 'warn' : ''}`} id="hint">
        <span class="keys">{isWarning.value ? words.stillRunning : words.keys}</span>
        {listStatus.value === 'off' && <span class="alone">{words.alone}</span>}
      </p>
    </footer>
  );
}
