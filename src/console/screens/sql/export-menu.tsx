import { useState, type ReactNode } from 'react';
import { useText } from '../../i18n/language.tsx';
import { Button } from '../../parts/button.tsx';
import { messages } from './messages.ts';
import { saveRows, type Asked } from './queries.ts';

const formats = ['csv', 'xlsx'] as const;
type Format = (typeof formats)[number];

/** The whole result as a file, not only what is shown. */
export function ExportMenu({ asked }: { readonly asked: Asked }): ReactNode {
  const say = useText(messages);
  const [waiting, setWaiting] = useState<Format>();
  const [said, setSaid] = useState('');
  const save = async (format: Format): Promise<void> => {
    setWaiting(format);
    setSaid('');
    try {
      if (await saveRows(asked, format)) setSaid(say(format === 'csv' ? 'csvCut' : 'xlsxCut'));
    } catch (failure) {
      setSaid((failure as Error).message);
    }
    setWaiting(undefined);
  };
  return (
    <>
      {formats.map((format) => (
        <Button key={format} icon="export" disabled={waiting !== undefined} onClick={() => void save(format)}>
          {waiting === format ? say('fileWait', { format: format.toUpperCase() }) : format.toUpperCase()}
        </Button>
      ))}
      {said === '' ? null : (
        <span role="status" className="small">
          {said}
        </span>
      )}
    </>
  );
}
