/** Cost profiles by name. */
import { COST_PROFILES, type CostProfile, costProfile, DEFAULT_COSTS } from '../cpu/costs.ts';
import { named } from './named.ts';

export const chosenCosts = (name: string | undefined): CostProfile => named(costProfile, name, DEFAULT_COSTS);

/** Names of the cost profiles, by year. */
export const COST_NAMES: readonly string[] = COST_PROFILES.map(({ name }) => name);
