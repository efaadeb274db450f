import { switchTo } from '../state/branches';
import type { Entry } from '../state/entry';
import type { Thread } from '../state/thread';
import { words } from '../words';
import { count } from '../words/numbers';
import { IconButton } from './icon-button';

/** Goes through the versions of a question or an answer; nothing where there is only one. */
export function BranchSwitch({ thread, entry }: { thread: Thread; entry: Entry }) {
  const branches = thread.branches(entry);
  if (branches.length < 2) return null;
  const at = branches.indexOf(entry);
  const [n, of] = [count(at + 1), count(branches.length)];
  const to = (other: Entry | undefined): void => void (other && switchTo(thread, other));
  return (
    <span class="branches" role="group" aria-label={words.branchLabel(n, of)}>
      <IconButton icon="left" label={words.olderBranch} disabled={at === 0} onClick={() => to(branches[at - 1])} />
      <span class="branch">{words.branch(n, of)}</span>
      <IconButton icon="right" label={words.newerBranch} disabled={at === branches.length - 1} onClick={() => to(branches[at + 1])} />
    </span>
  );
}
