/** The same incident in another play of the same organisation. */
export const keyOf = ({
  service,
  createdAt,
  title,
}: {
  readonly service: string;
  readonly createdAt: number;
  readonly title: string;
}): string => `${service} ${createdAt} ${title}`;
