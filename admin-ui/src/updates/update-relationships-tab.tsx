/** What an update needs, bundles and replaces, and what replaces it. */
import { Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';
import { useLocation } from 'react-router';
import type { z } from 'zod';
import type { RelatedUpdate, UpdateDetails } from '../../../protocol/console/updates.ts';
import { TextLink } from '../frame/link-button.tsx';
import { Section } from '../frame/section.tsx';
import { useTexts } from '../language/use-texts.ts';
import { withChange } from '../url/parameters.ts';
import { texts } from './texts.ts';

type Related = z.infer<typeof RelatedUpdate>;

const useStyles = makeStyles({
  list: { margin: 0, paddingLeft: '20px', display: 'flex', flexDirection: 'column', gap: '4px' },
  quiet: { color: tokens.colorNeutralForeground3 },
  or: { color: tokens.colorNeutralForeground3, padding: '0 4px' },
});

/** Updates open in the panel; what agents only detect, and categories, have no page of their own. */
function RelatedName({ related }: { readonly related: Related }): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const { pathname, search } = useLocation();
  if (related.title === undefined)
    return <span className={styles.quiet}>{t.notHereQuiet(related.updateId)}</span>;
  if (related.updateType !== 'Software' && related.updateType !== 'Driver') {
    return (
      <span>
        {related.title}{' '}
        <span className={styles.quiet}>{related.updateType && t.types[related.updateType]}</span>
      </span>
    );
  }
  const to = `${pathname}?${withChange(new URLSearchParams(search), { open: related.updateId }).toString()}`;
  return <TextLink to={to}>{related.title}</TextLink>;
}

function RelatedList({
  title,
  none,
  all,
}: {
  readonly title: string;
  readonly none: string;
  readonly all: readonly Related[];
}): ReactElement {
  const styles = useStyles();
  return (
    <Section as="h3" title={title}>
      {all.length === 0 ? (
        <Text className={styles.quiet}>{none}</Text>
      ) : (
        <ul className={styles.list}>
          {all.map((related) => (
            <li key={related.updateId}>
              <RelatedName related={related} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function AnyOf({ all }: { readonly all: readonly Related[] }): ReactNode {
  const t = useTexts(texts);
  const styles = useStyles();
  return all.map((related, index) => (
    <span key={related.updateId}>
      {index > 0 && <span className={styles.or}>{t.or}</span>}
      <RelatedName related={related} />
    </span>
  ));
}

export function UpdateRelationshipsTab({ update }: { readonly update: UpdateDetails }): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  return (
    <>
      <Section as="h3" title={t.prerequisites}>
        {update.prerequisites.length === 0 ? (
          <Text className={styles.quiet}>{t.noPrerequisites}</Text>
        ) : (
          <ul className={styles.list}>
            {update.prerequisites.map((clause) => (
              <li key={clause.anyOf.map(({ updateId }) => updateId).join()}>
                <AnyOf all={clause.anyOf} />
              </li>
            ))}
          </ul>
        )}
      </Section>
      <RelatedList title={t.supersededBy} none={t.supersededByNone} all={update.supersededBy} />
      <RelatedList title={t.supersedes} none={t.supersedesNone} all={update.supersedes} />
      <RelatedList title={t.bundles} none={t.bundlesNone} all={update.bundledUpdates} />
      <RelatedList title={t.bundledIn} none={t.bundledInNone} all={update.bundledIn} />
    </>
  );
}
