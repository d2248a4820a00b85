export interface LockStore {
  /**
   * Waits for the named lock and holds it until the transaction ends: nobody else, in no process, holds it meanwhile.
   * Holding a lock twice in one transaction is no error. Transactions only.
   */
  hold(name: string): Promise<void>;
}
