/** The entry of files.js: an embed loads it where its address is for a scenario file. */
export { fetched, lookOfFile, readScenario, targetOfFile } from '../app/scenario-opening.ts';
