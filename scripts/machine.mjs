import { dirname, join, relative, resolve, sep } from 'node:path';
import { rawText } from './bundle.mjs';
import { root } from './run.mjs';

const instead = (name, pattern, file) => ({
  name,
  resolveId: (source) => (pattern.test(source) ? join(root, file) : null),
});

const withoutAssembler = instead('without-assembler', /(^|\/)guests\.ts$/, 'src/session/guests-ready.ts');
const withoutKeeping = instead('without-keeping', /(^|\/)(claims|cost-names|edits|keeping|parts|porting)\.ts$/, 'src/session/absent.ts');
const withoutQuestions = instead('without-questions', /(^|\/)(askable|questions|why)\.ts$/, 'src/session/absent.ts');
const withoutAbout = instead('without-about', /\/about-vmc[bs]\.ts$/, 'src/session/absent.ts');
const withoutAccesses = instead('without-accesses', /(^|\/)accesses\.ts$/, 'src/session/absent.ts');
const withoutSvmLists = instead('without-svm-lists', /\/exits-svm\.ts$/, 'src/session/why/intercepts-svm.ts');
const withoutVtx = [
  instead('without-vtx', /\/vmx\/(vmx|instructions)\.ts$/, 'src/cpu/virt/absent.ts'),
  instead('without-vtx-words', /\/(extension-vmx|block-vmcs|checks-vmcs)\.ts$/, 'src/session/view/only-svm.ts'),
];
const withoutAmdV = [
  instead('without-amd-v', /\/svm\/(svm|instructions)\.ts$/, 'src/cpu/virt/absent.ts'),
  instead('without-amd-v-words', /\/(extension-svm|block-vmcb|checks-vmcb)\.ts$/, 'src/session/view/only-vmx.ts'),
];

const withoutLab = instead('without-lab', /\/lab-host\.ts$/, 'src/worker/lab-absent.ts');

/** The machines as scripts: all of it, what runs images made ready on a processor of one vendor, and that with questions, for either vendor. */
export const MACHINES = {
  'machine.js': [],
  'core.js': [withoutAbout, withoutAccesses, withoutAssembler, withoutLab, withoutKeeping, withoutQuestions, ...withoutAmdV],
  'core-svm.js': [withoutAbout, withoutAccesses, withoutAssembler, withoutLab, withoutKeeping, withoutQuestions, ...withoutVtx],
  'core-asks.js': [withoutAbout, withoutAccesses, withoutSvmLists, withoutAssembler, withoutLab, withoutKeeping],
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
  const { output } = await build.generate({ format: 'iife', name: 'rm1', minify: true, comments: false, codeSplitting: false });
  await build.close();
  return `function rm1Machine(scope){${output[0].code.trim()}\nrm1.serve(scope)}\nif(typeof document==='undefined')rm1Machine(self);\n`;
}

/** What machine-first.js has at once in the place of what machine-late.js brings when it is first asked for. */
const LATE = {
  'cpu/exec/fpu.ts': 'session/late/fpu.ts',
  'cpu/task-switch.ts': 'session/late/task-switch.ts',
  'cpu/virt/svm/instructions.ts': 'session/late/amd-v.ts',
  'cpu/virt/svm/svm.ts': 'session/late/amd-v.ts',
  'session/claims.ts': 'session/late/questions.ts',
  'session/edits.ts': 'session/late/questions.ts',
  'session/guests.ts': 'session/late/guests.ts',
  'session/keeping.ts': 'session/late/questions.ts',
  'session/parts/parts.ts': 'session/late/questions.ts',
  'session/questions/questions.ts': 'session/late/questions.ts',
  'session/stops.ts': 'session/late/stops.ts',
  'session/translation.ts': 'session/late/translation.ts',
  'session/view/accesses.ts': 'session/late/accesses.ts',
  'session/view/block.ts': 'session/late/block.ts',
  'session/view/extension-svm.ts': 'session/late/amd-v-words.ts',
  'session/view/failure.ts': 'session/late/failure.ts',
  'session/view/inner.ts': 'session/late/inner.ts',
  'session/view/stays.ts': 'session/late/questions.ts',
  'session/view/translation.ts': 'session/late/translation.ts',
  'session/view/walk.ts': 'session/late/accesses.ts',
  'session/why/why.ts': 'session/late/questions.ts',
  'worker/lab-host.ts': 'worker/late/lab.ts',
};

/** Sources that only machine-late.js has: they get each other as they are. */
const ONLY_LATE =
  /^((worker|session)\/late\/|session\/(view\/(accesses|block|checks-vmcb|checks-vmcs|failure|inner|stays|translation|walk)\.ts|why\/|parts\/|questions\/|costs\/|(claims|edits|keeping|porting|lab|guests|stops|translation)\.ts)|lab\/|asm\/|cpu\/(virt\/svm\/|exec\/fpu\.ts|task-(switch|segments)\.ts))/;

const inSrc = (path) => relative(join(root, 'src'), path).replaceAll(sep, '/');

const withLate = {
  name: 'with-late',
  resolveId(source, importer) {
    if (!importer || !source.startsWith('.') || ONLY_LATE.test(inSrc(importer))) return null;
    const instead = LATE[inSrc(resolve(dirname(importer), source))];
    return instead ? join(root, 'src', instead) : null;
  },
};

/**
 * The app's machine in two scripts, for a worker by its address: machine-first.js steps scenarios whose images are ready made (`needs` says
 * which, by scenario and monitor), machine-late.js has the rest.
 */
export async function machineInTwo(needs) {
  const { rolldown } = await import('rolldown');
  const build = await rolldown({
    input: { first: join(root, 'src/worker/late/first.ts'), late: join(root, 'src/worker/late/parts.ts') },
    platform: 'browser',
    plugins: [withLate, rawText],
    treeshake: { moduleSideEffects: false },
    transform: { define: { RM1_NEEDS: JSON.stringify(needs) } },
    logLevel: 'warn',
  });
  const { output } = await build.generate({ format: 'esm', minify: true, comments: false });
  await build.close();
  const [first, late, shared] = ['first', 'late', undefined].map((entry) =>
    output.find((chunk) => (chunk.isEntry ? chunk.name : undefined) === entry),
  );
  if (output.length !== 3) throw new Error(`the machine fell into ${output.map(({ fileName }) => fileName).join(', ')}`);
  return {
    'machine-first.js': `{const rm1=${asFunction(shared.code)}();self.rm1Shared=rm1;${asFunction(first.code)}(rm1).serve(self)}\n`,
    'machine-late.js': `self.rm1Late=${asFunction(late.code)};\n`,
  };
}

/** A minified module that imports from one other at most, as a function from what that one exports to what it exports itself. */
function asFunction(module) {
  const parts = /^(?:import\{([^}]*)\}from"[^"]*";)?(.*?)export\{([^}]*)\};?\s*$/s.exec(module.trim());
  if (parts === null || /\bimport[\s{*]/.test(parts[2].slice(0, 200)))
    throw new Error(`this module is not of the expected form: ${module.slice(0, 200)}`);
  const [, imports, body, exports] = parts;
  const pairs = (list) =>
    (list ?? '')
      .split(',')
      .filter(Boolean)
      .map((each) => each.trim().split(/\s+as\s+/));
  const taken = pairs(imports).map(([theirs, mine = theirs]) => (theirs === mine ? mine : `${theirs}:${mine}`));
  const given = pairs(exports).map(([mine, theirs = mine]) => (theirs === mine ? mine : `${theirs}:${mine}`));
  return `(function(rm1){"use strict";const{${taken}}=rm1??{};${body}return{${given}}})`;
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
