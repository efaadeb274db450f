import type { Trouble } from './ending';
import { words } from '../words';

interface Props {
  trouble: Trouble;
  /** Whether asking again is not possible at the moment. */
  isLocked: boolean;
  onRetry(): void;
  onReload(): void;
}

/** What went wrong with an answer, and the way on from there. */
export function ProblemBox({ trouble: { what, message, advice, code, isLost }, isLocked, onRetry, onReload }: Props) {
  return (
    <div class="problem" role="alert">
      <p class="what">{what}</p>
      {message && <p class="message">{message}</p>}
      {advice && <p class="advice">{advice}</p>}
      <div class="row">
        <button type="button" class="retry" disabled={isLocked} onClick={onRetry}>{words.retry}</button>
        {isLost && <button type="button" class="quiet" onClick={onReload}>{words.reload}</button>}
        {code && <code class="code">{code}</code>}
      </div>
    </div>
  );
}
