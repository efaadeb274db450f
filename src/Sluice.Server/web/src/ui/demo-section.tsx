import { canDrop, dropAll, keepsDropping } from '../state/demo';
import { announce } from '../state/notices';
import { words } from '../words';
import { Icon } from './icon';

/** Cuts the connection on purpose, and says what will happen. */
export function DemoSection({ onDropped }: { onDropped(): void }) {
  return (
    <section class="demo" aria-labelledby="demo-title">
      <h3 id="demo-title">{words.demo}</h3>
      <p>{words.demoNote}</p>
      <div class="demo-row">
        <button
          type="button"
          class="quiet"
          disabled={!canDrop.value}
          onClick={() => {
            dropAll();
            announce(words.demoDropped);
            onDropped();
          }}
        >
          <Icon name="cut" />{words.demoDrop}
        </button>
        <label class="switch">
          <input
            type="checkbox"
            role="switch"
            checked={keepsDropping.value}
            onChange={event => {
              keepsDropping.value = event.currentTarget.checked;
              announce(keepsDropping.value ? words.demoOn : words.demoOff);
            }}
          />
          <span>{words.demoKeep}</span>
        </label>
      </div>
      {!canDrop.value && <p class="dialog-note">{words.demoIdle}</p>}
    </section>
  );
}
