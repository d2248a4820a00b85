/** All that an iterator gives, once it has ended. */
export async function collect<Item>(iterator: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of iterator) items.push(item);
  return items;
}
