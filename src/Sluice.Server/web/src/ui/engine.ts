// Fetched as soon as there is, or soon will be, an answer to show: an empty page does not wait for it.
import '../styles/markdown.css';

export { MarkdownView } from '../markdown/markdown-view';
