import type { ComponentProps, ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';
import './button.css';

export interface ButtonProps extends ComponentProps<'button'> {
  /** The one action that a screen is about. */
  readonly primary?: boolean;
  readonly icon?: IconName;
}

/** A button says what it does. */
export function Button({ primary = false, icon, children, className = '', ...rest }: ButtonProps): ReactNode {
  return (
    <button type="button" className={`ctl ${primary ? 'primary' : ''} ${className}`} {...rest}>
      {icon === undefined ? null : <Icon name={icon} />}
      {children}
    </button>
  );
}

/** A button that is only a drawing; its name is read aloud and shown by the browser. */
export function IconButton({
  icon,
  label,
  className = '',
  ...rest
}: ComponentProps<'button'> & { readonly icon: IconName; readonly label: string }): ReactNode {
  return (
    <button type="button" className={`icon-button ${className}`} aria-label={label} title={label} {...rest}>
      <Icon name={icon} />
    </button>
  );
}
