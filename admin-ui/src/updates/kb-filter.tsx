/** One KB article, by its number. */
import {
  Button,
  Field,
  Input,
  Popover,
  PopoverSurface,
  PopoverTrigger,
  makeStyles,
} from '@fluentui/react-components';
import { ChevronDownRegular } from '@fluentui/react-icons/svg/chevron-down';
import { useState, type FormEvent, type ReactElement } from 'react';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({ form: { display: 'flex', gap: '8px', alignItems: 'flex-end' } });

export function KbFilter({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (kb: string) => void;
}): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState(value);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setOpen(false);
    onChange(text.replace(/^kb/i, '').trim());
  };
  return (
    <Popover
      trapFocus
      positioning="below-start"
      open={open}
      onOpenChange={(_, data) => {
        setOpen(data.open);
        setText(value);
      }}
    >
      <PopoverTrigger disableButtonEnhancement>
        <Button
          size="small"
          appearance={value === '' ? 'subtle' : 'secondary'}
          icon={<ChevronDownRegular />}
          iconPosition="after"
        >
          {t.filters.kb}
        </Button>
      </PopoverTrigger>
      <PopoverSurface aria-label={t.filters.kb}>
        <form className={styles.form} onSubmit={submit}>
          <Field label={t.kbNumber}>
            <Input
              value={text}
              maxLength={20}
              placeholder="5034441"
              onChange={(_, data) => setText(data.value)}
            />
          </Field>
          <Button type="submit" appearance="primary">
            {t.filter}
          </Button>
        </form>
      </PopoverSurface>
    </Popover>
  );
}
