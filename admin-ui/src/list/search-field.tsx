/** Search in a list: the list follows while one types, half a breath behind. */
import { SearchBox } from '@fluentui/react-components';
import { useEffect, useState, type ReactElement, type Ref } from 'react';

const PAUSE = 250;

interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onSearch: (text: string) => void;
  readonly ref?: Ref<HTMLInputElement>;
}

export function SearchField({ label, value, onSearch, ref }: SearchFieldProps): ReactElement {
  const [text, setText] = useState(value);
  const [from, setFrom] = useState(value);
  if (from !== value) {
    // The address changed by itself (back, a chip removed): show what it says.
    setFrom(value);
    if (value !== text.trim()) setText(value);
  }
  useEffect(() => {
    if (text.trim() === value) return undefined;
    const timer = setTimeout(() => onSearch(text.trim()), PAUSE);
    return () => clearTimeout(timer);
  }, [text, value, onSearch]);
  return (
    <SearchBox
      input={{ ref: ref ?? null }}
      aria-label={label}
      placeholder={label}
      maxLength={200}
      value={text}
      style={{ width: '100%', maxWidth: 'none' }}
      onChange={(_, data) => setText(data.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.querySelector('input')?.blur();
      }}
    />
  );
}
