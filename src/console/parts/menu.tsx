import { Menu as Base } from '@base-ui/react/menu';
import type { ReactElement, ReactNode } from 'react';
import { useText } from '../i18n/language.tsx';
import { defineMessages } from '../i18n/messages.ts';
import { Icon } from './icon.tsx';
import './menu.css';

const messages = defineMessages({ menu: { ko: '메뉴', en: 'Menu' } });

/** What a menu offers: an action, or one of several choices when `chosen` is given. */
export interface MenuItem {
  readonly key: string;
  readonly label: ReactNode;
  readonly note?: string;
  readonly chosen?: boolean;
  readonly disabled?: boolean;
  readonly onSelect: () => void;
}

export interface MenuGroup {
  readonly label?: string;
  /** Several may be chosen: the menu stays open. */
  readonly several?: boolean;
  readonly items: readonly MenuItem[];
}

/** A list of actions or choices below its button. */
export function Menu({
  trigger,
  groups,
  defaultOpen = false,
}: {
  readonly trigger: ReactElement;
  readonly groups: readonly MenuGroup[];
  readonly defaultOpen?: boolean;
}): ReactNode {
  const say = useText(messages);
  return (
    <Base.Root defaultOpen={defaultOpen}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner
          sideOffset={4}
          align="end"
          collisionPadding={8}
          className="menu-place"
          // It stands outside of the page's own regions while it is open.
          role="region"
          aria-label={say('menu')}
          data-floating=""
        >
          <Base.Popup className="menu">
            {groups.map((group, index) => (
              <Base.Group key={group.label ?? index} className="menu-group">
                {group.label === undefined ? null : (
                  <Base.GroupLabel className="menu-label">{group.label}</Base.GroupLabel>
                )}
                {group.items.map((item) => (
                  <Base.Item
                    key={item.key}
                    className="menu-item"
                    disabled={item.disabled ?? false}
                    closeOnClick={group.several !== true}
                    {...(item.chosen === undefined
                      ? {}
                      : {
                          role: group.several === true ? 'menuitemcheckbox' : 'menuitemradio',
                          'aria-checked': item.chosen,
                        })}
                    onClick={item.onSelect}
                  >
                    <span className="menu-check">{item.chosen === true ? <Icon name="check" /> : null}</span>
                    <span>{item.label}</span>
                    {item.note === undefined ? null : <span className="menu-note">{item.note}</span>}
                  </Base.Item>
                ))}
              </Base.Group>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
