/** For which products and classifications updates are fetched. */
import { AppsRegular } from '@fluentui/react-icons/svg/apps';
import type { ReactElement } from 'react';
import { Empty } from '../frame/empty.tsx';
import { Failure } from '../frame/failure.tsx';
import { LinkButton } from '../frame/link-button.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { useTexts } from '../language/use-texts.ts';
import { useReplicaOf } from '../replica/use-replica-of.ts';
import { CategoriesEditor } from './categories-editor.tsx';
import { useCategories } from './synchronization-queries.ts';
import { texts } from './texts.ts';

export function CategoriesTab(): ReactElement {
  const t = useTexts(texts);
  const categories = useCategories();
  const replicaOf = useReplicaOf();
  if (replicaOf !== undefined) {
    return <Empty icon={<AppsRegular />} title={t.nothingToChoose} text={t.takesAll(replicaOf)} />;
  }
  if (categories.isPending) return <SkeletonLines count={10} label={t.readingCategories} />;
  if (categories.isError) {
    return (
      <Failure
        what={t.categoriesNotRead}
        error={categories.error}
        onRetry={() => void categories.refetch()}
      />
    );
  }
  const { products, classifications } = categories.data;
  if (products.length + classifications.length === 0) {
    return (
      <Empty icon={<AppsRegular />} title={t.noCategories} text={t.noCategoriesHint}>
        <LinkButton to="/synchronization" appearance="primary">
          {t.goAndSynchronize}
        </LinkButton>
      </Empty>
    );
  }
  const saved = [...products, ...classifications]
    .filter(({ selected }) => selected)
    .map(({ updateId }) => updateId);
  return <CategoriesEditor key={saved.join()} categories={categories.data} saved={saved} />;
}
