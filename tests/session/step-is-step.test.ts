import { describe } from 'vitest';
import { stepIsStep } from './support/step-is-step.ts';

describe('one VM exit', () => stepIsStep({ scenario: 'first-exit', hash: true }, 8));
describe('duet, bare', () => stepIsStep({ scenario: 'two-kernels', vmm: 'none', hash: true }, 3));
describe('a triple fault', () => stepIsStep({ scenario: 'triple-fault', hash: true }, 8));
