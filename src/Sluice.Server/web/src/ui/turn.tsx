import type { Entry } from '../state/entry';
import type { Thread } from '../state/thread';
import type { Turn } from '../state/tree';
import { words } from '../words';
import { regenerate } from '../state/asking';
import { Answer } from './answer';
import { ProblemBox } from './problem-box';
import { Question } from './question';

/** A question with its answer. */
export function TurnView({ thread, turn: { question, answer } }: { thread: Thread; turn: Turn<Entry> }) {
  const message = answer?.message.value;
  const state = answer?.live.value?.state.value ?? (message?.state === 'running' ? 'waiting' : message?.state ?? 'failed');
  if (message?.role === 'system') {
    return <div class="turn system" id={`m-${message.id}`}><h2>{words.system}</h2><p>{message.content}</p></div>;
  }
  return (
    <div class="turn" data-state={state}>
      {question && <div class="turn-question" role="group" id={`m-${question.message.value.id}`} aria-label={words.question}><Question key={question.key} thread={thread} entry={question} /></div>}
      {answer
        ? <div class="turn-answer" role="group" id={`m-${message!.id}`} aria-label={words.answer}><Answer key={answer.key} thread={thread} entry={answer} question={question} /></div>
        : question && <Unanswered thread={thread} question={question} />}
    </div>
  );
}

/** A question that the server kept, but that was never answered. */
function Unanswered({ thread, question }: { thread: Thread; question: Entry }) {
  const trouble = { what: words.whatNone, message: words.messageUnanswered, advice: '', code: '', isLost: false };
  return <ProblemBox trouble={trouble} isLocked={thread.running.value !== null} onRetry={() => void regenerate(thread, question)} onReload={() => {}} />;
}
