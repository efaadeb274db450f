// What the page says, in English and Chinese.
const english = {
  model: 'Model',
  transcript: 'Questions and answers',
  emptyTitle: 'What would you like to know?',
  emptyGuide: 'No model is connected yet. The built-in guide answers questions about Sluice, from its own documents.',
  emptyModel: 'Answers appear word by word, as the model writes them.',
  guideExamples: ['How do I connect Bella?', 'How do I read a stream with EventSource in a browser?', 'How do I use the OpenAI Python SDK?'],
  modelExamples: ['Explain server-sent events in three sentences.', 'Write a C# method that counts the words in a text.', 'Which questions should I ask before choosing a database?'],
  composer: 'Your question',
  placeholder: 'Ask a question',
  send: 'Send (Enter)',
  stop: 'Stop (Esc)',
  latest: 'Latest',
  keys: 'Enter sends, Shift+Enter breaks the line. ',
  alone: 'Each question is answered on its own.',
  running: 'An answer is still running: stop it first (Esc).',
  reasoning: 'Reasoning',
  retry: 'Retry',
  copy: 'Copy the answer',
  again: 'Ask again',
  edit: 'Edit the question',
  copied: 'Copied',
  connecting: 'Connecting…',
  waiting: seconds => (seconds < 2 ? 'Waiting for the first token…' : `Waiting for the first token… ${seconds} s`),
  thinking: 'Reasoning…',
  streaming: 'Streaming',
  stopped: 'Stopped by you',
  cancelled: 'Cancelled',
  failed: 'Failed',
  lost: 'Connection lost',
  cutShort: 'Cut off at the length limit',
  filtered: 'Cut off by a content filter',
  tools: names => `The model asked for tools that this page does not run: ${names}.`,
  nothing: 'The model ended its answer without a word.',
  whatNone: 'No answer',
  whatPartial: 'The answer is incomplete',
  whatRefused: 'The question was not accepted',
  whatLost: 'Connection lost',
  whatUnreachable: 'The server cannot be reached',
  messageRefused: 'The server did not accept the request.',
  messageLost: 'The connection to the server broke before the answer was complete..',
  messageUnreachable: 'It is stopped, too busy, or the network is down.',
  messageOffline: 'This device is offline.',
  adviceFinal: 'Asking again unchanged will probably not help.',
  firstToken: time => `first token ${time}`,
  tokenRate: n => `${n} tokens/s`,
  eventRate: n => `${n} events/s`,
  tokens: n => `${n} tokens`,
  generating: 'Generating',
  stillGenerating: 'Still generating',
  complete: 'Answer complete.',
};

const chinese = {
  model: '模型',
  transcript: '问答记录',
  emptyTitle: '想了解什么？',
  emptyGuide: '尚未连接模型。内置向导会根据 Sluice 自己的文档回答与它有关的问题。',
  emptyModel: '模型边写，回答边逐字显示。',
  guideExamples: ['如何连接 Bella？', '怎样用 curl 提问？', '如何设置超时？'],
  modelExamples: ['用三句话解释服务器推送事件（SSE）。', '写一个统计文本字数的 C# 方法。', '选择数据库之前应该先问哪些问题？'],
  composer: '你的问题',
  placeholder: '输入问题',
  send: '发送（Enter）',
  stop: '停止（Esc）',
  latest: '最新',
  keys: 'Enter 发送，Shift+Enter 换行。',
  alone: '每个问题单独回答。',
  running: '回答还在进行，请先停止（Esc）。',
  reasoning: '思考过程',
  retry: '重试',
  copy: '复制回答',
  again: '再问一次',
  edit: '修改问题',
  copied: '已复制',
  connecting: '正在连接…',
  waiting: seconds => (seconds < 2 ? '等待第一个 token…' : `等待第一个 token… ${seconds} 秒`),
  thinking: '正在思考…',
  streaming: '正在回答',
  stopped: '已由你停止',
  cancelled: '已取消',
  failed: '失败',
  lost: '连接中断',
  cutShort: '达到长度上限，回答被截断',
  filtered: '回答被内容过滤截断',
  tools: names => `模型请求调用工具，本页面不会执行：${names}。`,
  nothing: '模型没有给出任何内容就结束了。',
  whatNone: '没有得到回答',
  whatPartial: '回答不完整',
  whatRefused: '问题未被接受',
  whatLost: '连接中断',
  whatUnreachable: '无法连接服务器',
  messageRefused: '服务器没有接受这个请求。',
  messageLost: '回答完成之前，与服务器的连接断开了。',
  messageUnreachable: '服务器已停止、过于繁忙，或者网络不通。',
  messageOffline: '此设备处于离线状态。',
  adviceFinal: '原样重试大概没有用。',
  firstToken: time => `首个 token ${time}`,
  tokenRate: n => `${n} tokens/秒`,
  eventRate: n => `${n} 事件/秒`,
  tokens: n => `${n} tokens`,
  generating: '正在生成',
  stillGenerating: '仍在生成',
  complete: '回答完成。',
};

const isChinese = navigator.language.toLowerCase().startsWith('zh');

/** The words in the reader's language. */
export const words = isChinese ? chinese : english;

/** Fills in every word that the markup asks for. */
export function translate(root) {
  for (const e of root.querySelectorAll('[data-word]')) e.textContent = words[e.dataset.word];
  for (const e of root.querySelectorAll('[data-label]')) e.setAttribute('aria-label', words[e.dataset.label]);
  for (const e of root.querySelectorAll('[data-placeholder]')) e.placeholder = words[e.dataset.placeholder];
  for (const e of root.querySelectorAll('[data-title]')) {
    e.title = words[e.dataset.title];
    e.setAttribute('aria-label', words[e.dataset.title]);
  }
}

/** Marks the document's language. */
export function markLanguage() {
  document.documentElement.lang = isChinese ? 'zh-CN' : 'en';
}
