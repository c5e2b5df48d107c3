// Times HL7's fhirpath.js on the expressions of fhirpath_bench.cpp: node fhirpath_peer.js <folder of the package> <questions.json>
// prints one line per question: microseconds of processor time for one evaluation, compiled once, R4's types known; then how many items it gave.
const path = require('path');
const fs = require('fs');

const home = path.join(process.argv[2], 'node_modules', 'fhirpath');
const fhirpath = require(home);
const model = require(path.join(home, 'fhir-context', 'r4'));
const questions = JSON.parse(fs.readFileSync(process.argv[3], 'utf8'));

const used = () => { const cpu = process.cpuUsage(); return cpu.user + cpu.system; };

for (const { expression, resource } of questions) {
  const evaluate = fhirpath.compile(expression, model);
  const items = evaluate(resource).length;
  let rounds = 1;
  for (let took = 0; took < 50000; rounds *= 2) {
    const begin = used();
    for (let round = 0; round < rounds; ++round) evaluate(resource);
    took = used() - begin;
  }
  let best = Infinity;
  for (let batch = 0; batch < 7; ++batch) {
    const begin = used();
    for (let round = 0; round < rounds; ++round) evaluate(resource);
    best = Math.min(best, (used() - begin) / rounds);
  }
  console.log(best.toFixed(4), items);
}
