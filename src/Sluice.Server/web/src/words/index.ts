import { en, type Words } from './en';

const isChinese = navigator.language.toLowerCase().startsWith('zh');

/** The language of the page: the browser's, where the page speaks it. */
export const language = isChinese ? 'zh-CN' : 'en';

/** The words in the reader's language. The Chinese ones are fetched by those who read them. */
export const words: Words = isChinese ? (await import('./zh')).zh : en;
