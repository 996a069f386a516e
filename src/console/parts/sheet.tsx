import { Dialog } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
import { IconButton } from './button.tsx';
import './sheet.css';
import './veil.css';

/**
 * What lies beside the page on a wide screen and over it on a narrow one: from the right, on a phone from
 * below.
 */
export function Sheet({
  open,
  onClose,
  title,
  closeLabel,
  wide = false,
  children,
}: {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  readonly closeLabel: string;
  /** With room for what is written in it. */
  readonly wide?: boolean;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => (next ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Backdrop className="veil" data-floating="" />
        <Dialog.Popup className={wide ? 'sheet wide' : 'sheet'} data-floating="">
          <div className="sheet-head">
            <Dialog.Title className="sheet-title">{title}</Dialog.Title>
            <Dialog.Close render={<IconButton icon="close" label={closeLabel} />} />
          </div>
          {/* Takes the focus, so that a long one is scrolled by keys. */}
          <div className="sheet-body" tabIndex={0}>
            {children}
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** A dialogue in the middle of the page. */
export function Modal({
  open,
  onClose,
  title,
  children,
}: {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => (next ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Backdrop className="veil" data-floating="" />
        <Dialog.Popup className="modal" data-floating="">
          <Dialog.Title className="sheet-title">{title}</Dialog.Title>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
