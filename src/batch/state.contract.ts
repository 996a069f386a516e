import { test } from 'node:test';
import { type CheckState, type StateUnderTest } from './ask-state.fixture.ts';
import { exchangeContract } from './exchange.contract.ts';
import { leaseContract } from './leases.contract.ts';
import { runsContract } from './runs.contract.ts';

/** Everything that every batch state must do. */
export function batchStateContract(name: string, open: () => Promise<StateUnderTest>): void {
  const check: CheckState = (sentence, run) => {
    test(`${name} ${sentence}`, async () => {
      const under = await open();
      try {
        await run(under);
      } finally {
        await under.close();
      }
    });
  };
  leaseContract(check);
  exchangeContract(check);
  runsContract(check);
}
