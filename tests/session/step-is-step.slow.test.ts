import { describe } from 'vitest';
import { stepIsStep } from './support/step-is-step.ts';

describe('two kernels, VT-x', () => stepIsStep({ scenario: 'two-kernels', hash: true }, 8));
describe('one VM exit', () => stepIsStep({ scenario: 'first-exit', hash: true }, 60));
describe('minim, its disk, and what is typed', () => stepIsStep({ scenario: 'one-system', hash: true }, 10));
describe('duet, bare', () => stepIsStep({ scenario: 'two-kernels', vmm: 'none', hash: true }, 20));
