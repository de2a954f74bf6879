/** Processors by name. */
import { DEFAULT_PROFILE, type Profile, processorProfile } from '../cpu/profiles.ts';
import { named } from './named.ts';

export const chosenProcessor = (name: string | undefined): Profile => named(processorProfile, name, DEFAULT_PROFILE);
