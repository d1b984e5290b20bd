/** Whether work is done, well or badly, within `patienceMs`; it goes on otherwise. */
export async function settlesWithin(work: Promise<unknown>, patienceMs: number): Promise<boolean> {
  let patience: NodeJS.Timeout | undefined;
  const done = work.then(
    () => true,
    () => true,
  );
  const late = new Promise<boolean>((resolve) => (patience = setTimeout(resolve, patienceMs, false)));
  return Promise.race([done, late]).finally(() => clearTimeout(patience));
}
