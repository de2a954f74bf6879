import { join } from 'node:path';
import { rawText } from './bundle.mjs';
import { root } from './run.mjs';

const instead = (name, pattern, file) => ({
  name,
  resolveId: (source) => (pattern.test(source) ? join(root, file) : null),
});

const withoutAssembler = instead('without-assembler', /(^|\/)guests\.ts$/, 'src/session/guests-ready.ts');
const withoutQuestions = instead(
  'without-questions',
  /(^|\/)(claims|cost-names|edits|keeping|parts|porting|why)\.ts$/,
  'src/session/absent.ts',
);
const withoutVtx = [
  instead('without-vtx', /\/vmx\/(vmx|instructions)\.ts$/, 'src/cpu/virt/absent.ts'),
  instead('without-vtx-words', /\/(extension-vmx|block-vmcs)\.ts$/, 'src/session/view/only-svm.ts'),
];
const withoutAmdV = [
  instead('without-amd-v', /\/svm\/(svm|instructions)\.ts$/, 'src/cpu/virt/absent.ts'),
  instead('without-amd-v-words', /\/(extension-svm|block-vmcb)\.ts$/, 'src/session/view/only-vmx.ts'),
];

const withoutLab = instead('without-lab', /\/lab-host\.ts$/, 'src/worker/lab-absent.ts');

/** The machines as scripts: all of it, and what runs images made ready on a processor of one vendor. */
export const MACHINES = {
  'machine.js': [],
  'core.js': [withoutAssembler, withoutLab, withoutQuestions, ...withoutAmdV],
  'core-svm.js': [withoutAssembler, withoutLab, withoutQuestions, ...withoutVtx],
};

/** A script that declares the machine as one function, and runs it where there is no document: see src/web/app/rungs.ts. */
export async function machineScript(name) {
  const { rolldown } = await import('rolldown');
  const build = await rolldown({
    input: join(root, 'src/worker/serve.ts'),
    platform: 'browser',
    plugins: [...MACHINES[name], rawText],
    treeshake: { moduleSideEffects: false },
    logLevel: 'warn',
  });
  const { output } = await build.generate({ format: 'iife', name: 'rm1', minify: true, codeSplitting: false });
  await build.close();
  return `function rm1Machine(scope){${output[0].code.trim()}\nrm1.serve(scope)}\nif(typeof document==='undefined')rm1Machine(self);\n`;
}

/** For Vite's server: the machine as the sources have it now. */
export const servedMachine = {
  name: 'served-machine',
  configureServer(server) {
    server.middlewares.use('/machine.js', (_, response, next) => {
      machineScript('machine.js').then((script) => {
        response.setHeader('Content-Type', 'text/javascript');
        response.setHeader('Cache-Control', 'no-store');
        response.end(script);
      }, next);
    });
  },
};
