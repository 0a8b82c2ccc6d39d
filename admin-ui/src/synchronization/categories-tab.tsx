/** For which products and classifications updates are fetched. */
import { AppsRegular } from '@fluentui/react-icons/svg/apps';
import type { ReactElement } from 'react';
import { Empty } from '../frame/empty.tsx';
import { Failure } from '../frame/failure.tsx';
import { LinkButton } from '../frame/link-button.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { useReplicaOf } from '../replica/use-replica-of.ts';
import { CategoriesEditor } from './categories-editor.tsx';
import { useCategories } from './synchronization-queries.ts';

export function CategoriesTab(): ReactElement {
  const categories = useCategories();
  const replicaOf = useReplicaOf();
  if (replicaOf !== undefined) {
    return (
      <Empty
        icon={<AppsRegular />}
        title="Nothing to choose here"
        text={`A replica takes over every update that ${replicaOf} has. Choose products and classifications there.`}
      />
    );
  }
  if (categories.isPending) return <SkeletonLines count={10} label="Reading products and classifications" />;
  if (categories.isError) {
    return (
      <Failure
        what="Products and classifications could not be read."
        error={categories.error}
        onRetry={() => void categories.refetch()}
      />
    );
  }
  const { products, classifications } = categories.data;
  if (products.length + classifications.length === 0) {
    return (
      <Empty
        icon={<AppsRegular />}
        title="No products or classifications yet"
        text="The first synchronization brings them; then you choose, and the next one brings their updates."
      >
        <LinkButton to="/synchronization" appearance="primary">
          Go and synchronize
        </LinkButton>
      </Empty>
    );
  }
  const saved = [...products, ...classifications]
    .filter(({ selected }) => selected)
    .map(({ updateId }) => updateId);
  return <CategoriesEditor key={saved.join()} categories={categories.data} saved={saved} />;
}
