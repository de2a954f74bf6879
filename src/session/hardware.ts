/** Processors and cost profiles by name. */
import { COST_PROFILES, type CostProfile, costProfile, DEFAULT_COSTS } from '../cpu/costs.ts';
import { DEFAULT_PROFILE, type Profile, processorProfile } from '../cpu/profiles.ts';
import { Refused } from './refused.ts';

function named<T>(find: (name: string) => T, name: string | undefined, otherwise: T): T {
  if (name === undefined) return otherwise;
  try {
    return find(name);
  } catch (error) {
    throw new Refused(error instanceof Error ? error.message : String(error));
  }
}

export const chosenProcessor = (name: string | undefined): Profile => named(processorProfile, name, DEFAULT_PROFILE);
export const chosenCosts = (name: string | undefined): CostProfile => named(costProfile, name, DEFAULT_COSTS);

/** Names of the cost profiles, by year. */
export const COST_NAMES: readonly string[] = COST_PROFILES.map(({ name }) => name);
