import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon, type IconName } from './icon';
import { IconButton } from './icon-button';

/** One line of a menu: an action, or a link. */
export interface MenuItem {
  label: string;
  icon: IconName;
  isGrave?: boolean;
  run?(): void;
  href?: string;
  /** Whether the link is a file, or opens another tab. */
  opens?: 'file' | 'tab';
}

interface Props {
  label: string;
  icon: IconName;
  items: readonly MenuItem[];
  class?: string;
}

/** Distance to the button and to the edges of the window, in pixels. */
const gap = 6;

/** A button that opens a list of actions. Arrows, Home and End move in it, Esc and a click elsewhere close it. */
export function Menu({ label, icon, items, class: name = '' }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);

  useLayoutEffect(() => {
    if (!isOpen) return;
    const menu = box.current!;
    menu.showPopover();
    place(menu, button.current!);
    menu.querySelector<HTMLElement>('[role=menuitem]')?.focus();
  }, [isOpen]);

  const close = (): void => {
    box.current?.hidePopover();
    button.current?.focus();
  };
  return (
    <>
      <IconButton ref={button} icon={icon} label={label} class={name} aria-haspopup="menu" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)} />
      {isOpen && (
        <div ref={box} class="menu" popover="auto" role="menu" aria-label={label} onKeyDown={event => move(event, close)} onToggle={event => event.newState === 'closed' && setOpen(false)}>
          {items.map(item => <Line item={item} close={close} />)}
        </div>
      )}
    </>
  );
}

function Line({ item: { label, icon, isGrave = false, run, href, opens }, close }: { item: MenuItem; close(): void }) {
  const props = { role: 'menuitem' as const, tabIndex: -1, class: `menu-item ${isGrave ? 'grave' : ''}` };
  const content = <><Icon name={icon} />{label}</>;
  if (href) return <a {...props} href={href} download={opens === 'file'} {...(opens === 'tab' ? { target: '_blank', rel: 'noopener' } : {})} onClick={close}>{content}</a>;
  return <button type="button" {...props} onClick={() => { close(); run?.(); }}>{content}</button>;
}

function place(menu: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const isRoomBelow = at.bottom + gap + height < innerHeight;
  menu.style.left = `${Math.max(gap, Math.min(at.right - width, innerWidth - width - gap))}px`;
  menu.style.top = `${Math.max(gap, isRoomBelow ? at.bottom + gap : at.top - gap - height)}px`;
}

function move(event: KeyboardEvent, close: () => void): void {
  const items = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('[role=menuitem]')];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (event.key === 'Escape' || event.key === 'Tab') close();
  else if (to !== undefined) items.at(to % items.length)?.focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}
