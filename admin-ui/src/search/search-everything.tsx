/** Search over updates, computers and groups from every page; results show while one types. */
import { Combobox, Option, OptionGroup, makeStyles, tokens } from '@fluentui/react-components';
import { SearchRegular } from '@fluentui/react-icons/svg/search';
import { useEffect, useState, type ReactElement } from 'react';
import { useNavigate } from 'react-router';
import { useGroupName } from '../groups/group-name.ts';
import { useTexts } from '../language/use-texts.ts';
import { useFound, type Found } from './found.ts';
import { texts } from './texts.ts';

const PAUSE = 250;

const useStyles = makeStyles({
  root: { width: '100%', minWidth: 0 },
  list: { maxHeight: '70vh' },
  text: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  note: {
    color: tokens.colorNeutralForeground3,
    marginLeft: '8px',
    fontSize: tokens.fontSizeBase200,
    whiteSpace: 'nowrap',
  },
});

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text.trim()), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

function FoundGroup({ found }: { readonly found: Found }): ReactElement {
  const styles = useStyles();
  return (
    <OptionGroup label={found.label}>
      {found.rows.map((row) => (
        <Option key={row.to} value={row.to} text={row.title} checkIcon={null}>
          <span className={styles.text}>{row.title}</span>
          {row.note !== undefined && <span className={styles.note}>{row.note}</span>}
        </Option>
      ))}
    </OptionGroup>
  );
}

export function SearchEverything(): ReactElement {
  const nameOf = useGroupName();
  const t = useTexts(texts);
  const styles = useStyles();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [open, setOpen] = useState(false);
  const words = useSettled(text);
  const { found, isSearching } = useFound(words, t, nameOf);
  const go = (to: string): void => {
    setText('');
    setOpen(false);
    void navigate(to);
  };
  const wanted = text.trim();
  return (
    <Combobox
      freeform
      className={styles.root}
      aria-label={t.label}
      placeholder={t.placeholder}
      expandIcon={<SearchRegular />}
      listbox={{ className: styles.list }}
      value={text}
      selectedOptions={[]}
      open={open && wanted !== ''}
      onOpenChange={(_, data) => setOpen(data.open)}
      onChange={(event) => {
        setText(event.target.value);
        setOpen(true);
      }}
      onOptionSelect={(_, { optionValue }) =>
        optionValue !== undefined && optionValue.startsWith('/') && go(optionValue)
      }
      onKeyDown={(event) => {
        if (
          event.key === 'Enter' &&
          wanted !== '' &&
          event.currentTarget.getAttribute('aria-activedescendant') === null
        ) {
          go(`/updates?search=${encodeURIComponent(wanted)}`);
        }
      }}
    >
      {found.map((one) => (
        <FoundGroup key={one.label} found={one} />
      ))}
      {found.length === 0 && (
        <Option value="" text="" disabled checkIcon={null}>
          {isSearching || words !== wanted ? t.searching : t.nothingFound}
        </Option>
      )}
    </Combobox>
  );
}
