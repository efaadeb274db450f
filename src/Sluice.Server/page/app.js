// The chat page: composer, keys, models, and one turn after the other.
import * as history from './history.js';
import { Follower } from './scroll.js';
import { Turn } from './turn.js';
import { markLanguage, translate, words } from './words.js';

const at = id => document.getElementById(id);
const [form, box, send, stop, models, transcript, hint, spoken, clear] =
  ['composer', 'question', 'send', 'stop', 'model', 'transcript', 'hint', 'spoken', 'clear'].map(at);
const isTouch = matchMedia('(pointer: coarse)').matches;
const follower = new Follower(at('scroller'), transcript, at('latest'));

const turns = [];
let reminder = 0;

// The one that a stop is meant for. There may be more: another tab may have asked at the same moment.
const running = () => turns.findLast(turn => turn.isRunning);

function add(name, question) {
  const turn = new Turn(name, question, { changed: turn => history.save(turn.record), settled, say, again, edit });
  turns.push(turn);
  transcript.append(turn.root);
  return turn;
}

function submit(question) {
  if (running()) return complainRunning();
  if (question.trim()) run(add(history.newName(), question.trim()));
}

function run(turn) {
  turn.start(models.value);
  follower.pin();
  showRunning();
}

function settled(turn, words) {
  showRunning();
  say(words);
}

// Another tab has asked, or has come to an end that this one did not see.
function onKept(record) {
  const turn = turns.find(turn => turn.name === record.name);
  const isNews = record.state === 'running' ? record.stream && record.stream !== turn?.stream : !turn?.isRunning && record.state !== turn?.state;
  if (!isNews) return;
  (turn ?? add(record.name, record.question)).restore(record);
  showRunning();
}

function onForgotten(name) {
  for (const turn of turns.filter(turn => (name === null || turn.name === name) && !turn.isRunning)) {
    turns.splice(turns.indexOf(turn), 1);
    turn.root.remove();
  }
  showRunning();
}

// What has arrived is never overwritten: only an answer without a word is asked for again in its own place.
function again(turn) {
  if (running()) return complainRunning();
  if (turn.hasText) submit(turn.question);
  else run(turn);
  keepFocus();
}

function edit(question) {
  // Typed in, not set: undo brings back what stood there.
  box.focus();
  box.select();
  document.execCommand('insertText', false, question);
}

function showRunning() {
  const isRunning = running() !== undefined;
  // Focus first: a button that disappears would take it along.
  if (document.activeElement === stop || document.activeElement === send) box.focus();
  stop.hidden = !isRunning;
  send.hidden = clear.disabled = isRunning;
  at('empty').hidden = turns.length > 0;
  clear.hidden = !turns.length;
  transcript.setAttribute('aria-busy', String(isRunning));
  for (const turn of turns) turn.isLocked = isRunning;
  if (isRunning && !reminder) {
    say(words.generating);
    reminder = setInterval(() => say(words.stillGenerating), 7000);
  } else if (!isRunning) {
    clearInterval(reminder);
    reminder = 0;
  }
  hint.classList.remove('warn');
  translate(hint);
}

function complainRunning() {
  hint.classList.add('warn');
  hint.querySelector('[data-word=keys]').textContent = `${words.running} `;
  say(words.running);
}

// The same words twice in a row would not be read out again.
function say(text) {
  spoken.textContent = spoken.textContent === text ? `${text}\u00a0` : text;
}

function fit() {
  box.style.height = 'auto';
  box.style.height = `${box.scrollHeight}px`;
  send.disabled = !box.value.trim();
}

// On a touch screen focus would open the keyboard over the answer.
function keepFocus() {
  if (!isTouch) box.focus();
}

form.addEventListener('submit', e => {
  e.preventDefault();
  const question = box.value;
  const wasRunning = running();
  submit(question);
  if (wasRunning || !question.trim()) return;
  box.value = '';
  fit();
});
box.addEventListener('input', fit);
box.addEventListener('keydown', e => {
  // Enter that picks a word in an input method is not meant for the page; Safari says so only through its key code.
  if (e.isComposing || e.keyCode === 229) return;
  if (e.key === 'Enter' && !e.shiftKey && !e.ctrlKey && !e.altKey) {
    e.preventDefault();
    form.requestSubmit();
  } else if (e.key === 'ArrowUp' && !box.value && turns.length) {
    e.preventDefault();
    edit(turns.at(-1).question);
  } else if (e.key === 'PageUp' || e.key === 'PageDown') {
    e.preventDefault();
    follower.page(e.key === 'PageUp' ? -1 : 1);
  }
});
document.addEventListener('keydown', e => {
  if (e.key === 'Escape' && !e.isComposing && running()) {
    e.preventDefault();
    running().stop();
  }
});
stop.addEventListener('click', () => {
  running()?.stop();
  keepFocus();
});
for (const button of [send, stop, at('latest')]) button.addEventListener('pointerdown', e => e.preventDefault());

function showEmpty(isGuide) {
  at('empty-note').textContent = isGuide ? words.emptyGuide : words.emptyModel;
  at('examples').replaceChildren(...(isGuide ? words.guideExamples : words.modelExamples).map(question => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = question;
    button.addEventListener('click', () => {
      submit(question);
      keepFocus();
    });
    return button;
  }));
}

// Without the list the server's default model answers, which is what an empty choice means.
async function loadModels() {
  let list = [];
  try {
    list = (await (await fetch('v1/models')).json()).data ?? [];
  } catch {
    // The first question will tell what is wrong.
  }
  models.replaceChildren(...list.map(model => new Option(model.id, model.id)));
  at('model-label').hidden = list.length < 2;
  const show = () => showEmpty(list.find(model => model.id === models.value)?.owned_by === 'guide');
  models.addEventListener('change', show);
  show();
}

clear.addEventListener('click', () => {
  if (!confirm(words.clearSure)) return;
  history.clear();
  onForgotten(null);
  keepFocus();
});
// What has arrived so far, for after a reload; unless another tab has kept the end already.
addEventListener('pagehide', () => {
  for (const turn of turns) if (turn.isRunning && history.read(turn.name)?.state === 'running') history.save(turn.record);
});

markLanguage();
translate(document);
fit();
for (const record of history.readAll()) add(record.name, record.question).restore(record);
history.watch(onKept, onForgotten);
if (turns.length) {
  showRunning();
  follower.pin();
}
await loadModels();
