import { ask } from '../state/asking';
import { areModelsKnown, isGuide } from '../state/models';
import { current } from '../state/threads';
import { words } from '../words';
import { focusComposer } from './focus';
import { Logo } from './logo';
import { pinToEnd } from './scroller';

/** Before the first question: who answers, and what might be asked. */
export function Empty() {
  const examples = isGuide.value ? words.guideExamples : words.modelExamples;
  return (
    <section class="empty" id="empty">
      <Logo size={52} />
      <h2>{words.emptyTitle}</h2>
      <p id="empty-note">{areModelsKnown.value && (isGuide.value ? words.emptyGuide : words.emptyModel)}</p>
      <div class="examples" id="examples">
        {areModelsKnown.value && examples.map(question => (
          <button
            type="button"
            onClick={() => {
              void ask(current.value, question).then(pinToEnd);
              focusComposer();
            }}
          >
            {question}
          </button>
        ))}
      </div>
    </section>
  );
}
