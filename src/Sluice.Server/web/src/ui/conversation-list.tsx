import { groupByAge } from '../state/groups';
import { conversations, hasMore, listStatus, more, refresh } from '../state/list';
import { words } from '../words';
import { ConversationRow } from './conversation-row';

/** The conversations by age. */
export function ConversationList() {
  const status = listStatus.value;
  if (status === 'off') return <p class="list-note">{words.listOff}</p>;
  if (status === 'failed') return <div class="list-note"><p>{words.listFailed}</p><button type="button" class="quiet" onClick={() => void refresh()}>{words.tryAgain}</button></div>;
  if (status === 'ready' && conversations.value.length === 0) return <p class="list-note">{words.none}</p>;
  return (
    <>
      {groupByAge(conversations.value, new Date()).map(({ age, items }) => (
        <section key={age}>
          <h3 class="age">{words[age]}</h3>
          <ul class="rows">{items.map(one => <ConversationRow key={one.id} conversation={one} />)}</ul>
        </section>
      ))}
      {hasMore.value && <button type="button" class="quiet list-more" onClick={() => void more()}>{words.more}</button>}
    </>
  );
}
