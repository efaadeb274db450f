import { dismiss, notices } from '../state/notices';
import { words } from '../words';
import { IconButton } from './icon-button';

/** What is said beside the conversation, for a while. It is read out through the page's one status. */
export function Notices() {
  return (
    <div class="notices" role="region" aria-label={words.notices} hidden={notices.value.length === 0}>
      {notices.value.map(notice => (
        <div class="notice" key={notice.id}>
          <span>{notice.text}</span>
          {notice.action && (
            <button
              type="button"
              class="quiet"
              onClick={() => {
                dismiss(notice);
                notice.action!.run();
              }}
            >
              {notice.action.label}
            </button>
          )}
          <IconButton icon="close" label={words.close} onClick={() => dismiss(notice)} />
        </div>
      ))}
    </div>
  );
}
