import { en, type Words } from './en';
import { zh } from './zh';

const isChinese = navigator.language.toLowerCase().startsWith('zh');

/** The language of the page: the browser's, where the page speaks it. */
export const language = isChinese ? 'zh-CN' : 'en';

/** The words in the reader's language. */
export const words: Words = isChinese ? zh : en;
