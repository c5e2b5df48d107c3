// A round with fhir-kit-client: arguments are the base URL, the token, and the folder that the client was installed in.
import { createRequire } from 'node:module';

const [base, token, place] = process.argv.slice(2);
const Client = createRequire(`${place}/`)('fhir-kit-client');
const owner = 'SE2120990011-HSV1';
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

const body = { ...task, status: 'accepted' };
const stale = await refusal(() => client.update({ resourceType: 'Task', id, body, options: { headers: { 'If-Match': 'W/"77"' } } }));
holds('another version is refused', stale?.status === 412 && stale.data.resourceType === 'OperationOutcome');
const headers = { 'If-Match': `W/"${task.meta.versionId}"` };
const updated = await client.update({ resourceType: 'Task', id, body, options: { headers } });
holds('the version that was read is updated', updated.status === 'accepted' && updated.meta.versionId !== task.meta.versionId);

const missing = await refusal(() => client.read({ resourceType: 'Task', id: '00000000-0000-4000-8000-000000000000' }));
holds('what is not there is 404 with an outcome', missing?.status === 404 && missing.data.issue[0].severity === 'error');
const unknown = await refusal(() => client.search({ resourceType: 'Task', searchParams: { colour: 'blue' } }));
holds('an unknown parameter is 400 with an outcome', unknown?.status === 400 && unknown.data.resourceType === 'OperationOutcome');

console.log(`${done} hold`);
