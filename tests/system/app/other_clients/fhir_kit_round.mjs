// A round with fhir-kit-client: arguments are the base URL, the token, how many admissions were sent (each of its own case), and
// the folder that the client was installed in.
import { createRequire } from 'node:module';

const [base, token, cases, place] = process.argv.slice(2);
const Client = createRequire(`${place}/`)('fhir-kit-client');
const owner = 'SE2120990011-HSV1';
const caseSystem = 'urn:vardbron:arende:SE2321990018';
let done = 0;

function holds(what, condition) {
  if (!condition) {
    console.error(`not so: ${what}`);
    process.exit(1);
  }
  done += 1;
}

async function refusal(work) {
  try {
    await work();
  } catch (error) {
    return error.response;
  }
  return undefined;
}

async function pagesOf(client, first) {
  const pages = [];
  for (let bundle = first; bundle; bundle = await client.nextPage({ bundle })) pages.push(bundle);
  return pages;
}

const idsOf = (pages) => pages.flatMap((page) => (page.entry ?? []).map((entry) => entry.resource.id)).sort();

const ofMode = (bundle, mode) => (bundle.entry ?? []).filter((each) => each.search.mode === mode).map((each) => each.resource);
const ids = (resources) => resources.map((each) => each.id).sort();
const alike = (left, right) => JSON.stringify(left) === JSON.stringify(right);
const codeOf = (task) => task.code.coding[0].code;

async function checkJoins(client, encounters, tasks) {
  const sent = Array.from({ length: Number(cases) }, (_, each) => `C-M-${each + 1}`).sort();
  holds('each case that was sent is there once', alike(encounters.map((each) => each.identifier[0].value).sort(), sent));
  const [{ id, identifier: [{ value }], subject: { reference } }] = encounters;
  const identifier = `${caseSystem}|${value}`;
  const search = (resourceType, searchParams) => client.search({ resourceType, searchParams });
  const included = await search('Encounter', { identifier, _include: ['Encounter:subject', 'Encounter:service-provider'] });
  const [patient] = ofMode(included, 'include').filter((each) => each.resourceType === 'Patient');
  holds('an include gives what the one match refers to', alike(ids(ofMode(included, 'match')), [id])
    && ofMode(included, 'include').length === 2 && `Patient/${patient.id}` === reference);
  const ofPatient = tasks.filter((each) => each.for.reference === reference);
  const reverse = await search('Patient', { _id: patient.id, _revinclude: 'Task:patient' });
  holds('a revinclude gives the tasks of the patient', ofPatient.length === 4
    && alike(ids(ofMode(reverse, 'match')), [patient.id]) && alike(ids(ofMode(reverse, 'include')), ids(ofPatient)));
  const chained = await search('Task', { 'encounter:Encounter.identifier': identifier });
  holds('a chain gives the tasks of the case', alike(ids(ofMode(chained, 'match')), ids(ofPatient)));
  const having = await search('Patient', { '_has:Encounter:subject:identifier': identifier });
  holds('a reverse chain gives the patient of the case', alike(ids(ofMode(having, 'match')), [patient.id]));
  return { patient: patient.id, ofPatient, encounter: id };
}

async function checkOrdersAndTotals(client, tasks) {
  const search = (searchParams) => client.search({ resourceType: 'Task', searchParams });
  const pages = await pagesOf(client, await search({ _sort: '-code,_lastUpdated', _count: 5 }));
  const sorted = pages.flatMap((page) => ofMode(page, 'match'));
  const codes = sorted.map(codeOf);
  holds('an order goes over pages', pages.length > 1 && alike(ids(sorted), ids(tasks))
    && alike(codes, [...codes].sort().reverse()) && new Set(codes).size === 2);
  const times = sorted.filter((each) => codeOf(each) === codes[0]).map((each) => each.meta.lastUpdated);
  holds('the second key orders what is alike', alike(times, [...times].sort()) && new Set(times).size > 1);
  const total = await search({ _total: 'accurate', _count: 2 });
  holds('a total is of all pages', total.total === tasks.length && total.entry.length === 2);
  holds('without it there is no total', (await search({ _count: 2 })).total === undefined);
  const counted = await search({ _summary: 'count' });
  holds('a count comes without entries', counted.total === tasks.length && counted.entry === undefined);
  const [cut] = ofMode(await search({ _elements: 'status,owner', _count: 1 }), 'match');
  holds('elements cut the others, and tell so', cut.status === 'requested' && cut.owner && !cut.for
    && cut.meta.tag.some((each) => each.code === 'SUBSETTED'));
}

async function checkPreviousPages(client) {
  const first = await client.search({ resourceType: 'Task', searchParams: { _count: 3 } });
  const pages = await pagesOf(client, first);
  holds('before the first page there is none', await client.prevPage({ bundle: first }) === undefined);
  const back = [];
  for (let bundle = pages.at(-1); bundle; bundle = await client.prevPage({ bundle })) back.unshift(bundle);
  const inOrder = (some) => some.map((page) => ofMode(page, 'match').map((each) => each.id));
  holds('previous pages lead back to the first', pages.length > 2 && alike(inOrder(back), inOrder(pages)));
}

async function checkPatient(client, { patient, ofPatient, encounter }) {
  const on = { name: 'everything', resourceType: 'Patient', id: patient };
  const everything = (await client.operation({ ...on, method: 'GET' })).entry.map((each) => each.resource);
  const types = everything.map((each) => each.resourceType).sort();
  holds('everything of a patient is there',
    alike(types, ['Communication', 'Encounter', 'Organization', 'Patient', 'Task', 'Task', 'Task', 'Task']));
  holds('and nothing of another', alike(ids(everything.filter((each) => each.resourceType === 'Task')), ids(ofPatient)));
  const posted = await client.operation({ ...on, input: { resourceType: 'Parameters' } });
  holds('a posted operation gives the same', alike(idsOf([posted]), ids(everything)));
  const some = await client.operation({ ...on, method: 'GET', input: { _type: 'Encounter' } });
  holds('types of it may be asked for', ids(some.entry.map((each) => each.resource)).includes(encounter)
    && !some.entry.some((each) => each.resource.resourceType === 'Task'));
  const compartment = await client.search({ resourceType: 'Encounter', compartment: { resourceType: 'Patient', id: patient } });
  holds('a compartment is searched', alike(idsOf([compartment]), [encounter]));
}

async function checkHistories(client, before, after) {
  const versions = (await client.history({ resourceType: 'Task', id: after.id })).entry;
  holds('a history has the versions, the newest first',
    alike(versions.map((each) => each.resource.meta.versionId), [after, before].map((each) => each.meta.versionId))
    && alike(versions.map((each) => each.resource.status), ['accepted', 'requested']));
  const [last] = (await client.history({ resourceType: 'Task' })).entry;
  holds('the history of the type begins with the last write',
    last.resource.id === after.id && last.resource.meta.versionId === after.meta.versionId && last.request.method === 'PUT');
}

const client = new Client({ baseUrl: base, bearerToken: token });
const capability = await client.capabilityStatement();
holds('the capability statement lists Task', capability.rest[0].resource.some((each) => each.type === 'Task'));

const searchParams = { owner, status: 'requested' };
const whole = await client.search({ resourceType: 'Task', searchParams: { ...searchParams, _count: 100 } });
holds('there are tasks', whole.entry.length >= 5);
const paged = await pagesOf(client, await client.search({ resourceType: 'Task', searchParams: { ...searchParams, _count: 2 } }));
holds('pages of two are several', paged.length >= 3);
holds('and give all of them once', JSON.stringify(idsOf(paged)) === JSON.stringify(idsOf([whole])));
const posted = await client.search({
  resourceType: 'Task', searchParams: { ...searchParams, _count: 2 }, options: { postSearch: true },
});
holds('a posted search gives the same', JSON.stringify(idsOf(await pagesOf(client, posted))) === JSON.stringify(idsOf([whole])));

const { id, meta } = whole.entry[0].resource;
const task = await client.read({ resourceType: 'Task', id });
holds('a read gives what the search gave', task.meta.versionId === meta.versionId);
const version = await client.vread({ resourceType: 'Task', id, version: meta.versionId });
holds('a version is read', version.id === id);
const patient = await client.resolve({ reference: task.for.reference });
holds('a reference resolves', patient.resourceType === 'Patient');
const [{ system, value }] = patient.identifier;
const found = await client.search({ resourceType: 'Patient', searchParams: { identifier: `${system}|${value}` } });
holds('a patient is found by the number', idsOf([found]).includes(patient.id));

const all = async (resourceType) => {
  const pages = await pagesOf(client, await client.search({ resourceType, searchParams: { _count: 20 } }));
  return pages.flatMap((page) => ofMode(page, 'match'));
};
const tasks = await all('Task');
await checkPatient(client, await checkJoins(client, await all('Encounter'), tasks));
await checkOrdersAndTotals(client, tasks);
await checkPreviousPages(client);

const body = { ...task, status: 'accepted' };
const stale = await refusal(() => client.update({ resourceType: 'Task', id, body, options: { headers: { 'If-Match': 'W/"77"' } } }));
holds('another version is refused', stale?.status === 412 && stale.data.resourceType === 'OperationOutcome');
const headers = { 'If-Match': `W/"${task.meta.versionId}"` };
const updated = await client.update({ resourceType: 'Task', id, body, options: { headers } });
holds('the version that was read is updated', updated.status === 'accepted' && updated.meta.versionId !== task.meta.versionId);
await checkHistories(client, task, updated);

const missing = await refusal(() => client.read({ resourceType: 'Task', id: '00000000-0000-4000-8000-000000000000' }));
holds('what is not there is 404 with an outcome', missing?.status === 404 && missing.data.issue[0].severity === 'error');
const unknown = await refusal(() => client.search({ resourceType: 'Task', searchParams: { colour: 'blue' } }));
holds('an unknown parameter is 400 with an outcome', unknown?.status === 400 && unknown.data.resourceType === 'OperationOutcome');

console.log(`${done} hold`);
