import type { ComponentProps } from 'preact';
import { Icon, type IconName } from './icon';

type Props = Omit<ComponentProps<'button'>, 'label' | 'icon'> & { icon: IconName; label: string };

/** A button with a drawing; its label is read out, and shown to whoever points at it. */
export function IconButton({ icon, label, class: name = '', ...rest }: Props) {
  return <button type="button" class={`icon-button ${name}`} title={label} aria-label={label} {...rest}><Icon name={icon} /></button>;
}
