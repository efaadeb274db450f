import { useLayoutEffect, useRef } from 'preact/hooks';
import { isDrawerOpen, isNarrow, isSidebarOpen } from '../state/view';
import { words } from '../words';
import { Composer } from './composer';
import { Dialogs } from './dialogs';
import { Header } from './header';
import { Notices } from './notices';
import { Sidebar } from './sidebar';
import { speakThrough } from './spoken';
import { Transcript } from './transcript';

/** The whole page. */
export function App() {
  const spoken = useRef<HTMLParagraphElement>(null);
  useLayoutEffect(() => speakThrough(spoken.current!), []);
  const isCovered = isNarrow.value && isDrawerOpen.value;
  const layout = isNarrow.value ? (isCovered ? 'drawer' : 'narrow') : isSidebarOpen.value ? 'beside' : 'alone';
  return (
    <div class="app" data-layout={layout}>
      <a class="skip" href="#question">{words.skip}</a>
      <Sidebar />
      {isCovered && <button type="button" class="cover" aria-label={words.hideSidebar} tabIndex={-1} onClick={() => (isDrawerOpen.value = false)} />}
      <div class="page" inert={isCovered}>
        <Header />
        <Transcript />
        <Composer />
      </div>
      <Notices />
      <p class="spoken" id="spoken" role="status" ref={spoken} />
      <Dialogs />
    </div>
  );
}
