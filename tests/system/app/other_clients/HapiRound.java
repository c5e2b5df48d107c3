import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.api.SearchStyleEnum;
import ca.uhn.fhir.rest.api.SearchTotalModeEnum;
import ca.uhn.fhir.rest.api.SummaryEnum;
import ca.uhn.fhir.rest.client.api.IGenericClient;
import ca.uhn.fhir.rest.client.interceptor.BearerTokenAuthInterceptor;
import ca.uhn.fhir.rest.gclient.ICriterion;
import ca.uhn.fhir.rest.gclient.TokenClientParam;
import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import ca.uhn.fhir.rest.server.exceptions.InvalidRequestException;
import ca.uhn.fhir.rest.server.exceptions.PreconditionFailedException;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;
import ca.uhn.fhir.util.BundleUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Task;

/** A round with HAPI FHIR's client: arguments are the base URL, the token, and how many admissions were sent, of a case each. */
final class HapiRound {
  private static final String REQUESTED = "Task?owner=SE2120990011-HSV1&status=requested";
  private static final String CASE_SYSTEM = "urn:vardbron:arende:SE2321990018";
  private static int done = 0;

  private static void holds(String what, boolean condition) {
    if (!condition) {
      System.err.println("not so: " + what);
      System.exit(1);
    }
    done += 1;
  }

  private static List<String> idsOf(IGenericClient client, Bundle first) {
    List<String> ids = new ArrayList<>();
    for (Bundle page = first; page != null;
        page = page.getLink(Bundle.LINK_NEXT) == null ? null : client.loadPage().next(page).execute()) {
      page.getEntry().forEach(entry -> ids.add(entry.getResource().getIdElement().getIdPart()));
    }
    return ids;
  }

  private static Bundle search(IGenericClient client, int count, SearchStyleEnum style) {
    return client.search().byUrl(REQUESTED).count(count).usingStyle(style).returnBundle(Bundle.class).execute();
  }

  private static <T extends Resource> List<T> all(IGenericClient client, Class<T> type) {
    List<T> all = new ArrayList<>();
    Bundle first = client.search().forResource(type).count(20).returnBundle(Bundle.class).execute();
    for (Bundle page = first; page != null;
        page = page.getLink(Bundle.LINK_NEXT) == null ? null : client.loadPage().next(page).execute()) {
      all.addAll(BundleUtil.toListOfResourcesOfType(client.getFhirContext(), page, type));
    }
    return all;
  }

  private static Set<String> ofMode(Bundle bundle, Bundle.SearchEntryMode mode) {
    return bundle.getEntry().stream().filter(entry -> entry.getSearch().getMode() == mode)
        .map(entry -> entry.getResource().getIdElement().toUnqualifiedVersionless().getValue()).collect(Collectors.toSet());
  }

  private static Set<String> namesOf(Stream<? extends Resource> resources) {
    return resources.map(each -> each.getIdElement().toUnqualifiedVersionless().getValue()).collect(Collectors.toSet());
  }

  private static Stream<Resource> resourcesOf(Bundle bundle) {
    return bundle.getEntry().stream().map(Bundle.BundleEntryComponent::getResource);
  }

  private static boolean hasOutcome(BaseServerResponseException refused) {
    return ((OperationOutcome) refused.getOperationOutcome()).getIssueFirstRep().getSeverity()
        == OperationOutcome.IssueSeverity.ERROR;
  }

  private static void searches(IGenericClient client) {
    List<String> whole = idsOf(client, search(client, 100, SearchStyleEnum.GET));
    List<String> paged = idsOf(client, search(client, 2, SearchStyleEnum.GET));
    holds("there are tasks", whole.size() >= 5);
    holds("pages of two give all of them once",
        paged.size() == whole.size() && new TreeSet<>(paged).equals(new TreeSet<>(whole)));
    Bundle posted = client.search().forResource(Task.class)
        .whereMap(Map.of("owner", List.of("SE2120990011-HSV1"), "status", List.of("requested")))
        .usingStyle(SearchStyleEnum.POST).returnBundle(Bundle.class).execute();
    holds("a posted search gives the same", new TreeSet<>(idsOf(client, posted)).equals(new TreeSet<>(whole)));
  }

  private static void reads(IGenericClient client, Task task) {
    IdType id = task.getIdElement();
    Task version = client.read().resource(Task.class).withIdAndVersion(id.getIdPart(), id.getVersionIdPart()).execute();
    holds("a version is read", version.getIdElement().getVersionIdPart().equals(task.getMeta().getVersionId()));
    Patient patient = client.read().resource(Patient.class).withUrl(task.getFor().getReference()).execute();
    Identifier number = patient.getIdentifierFirstRep();
    Bundle found = client.search().forResource(Patient.class)
        .where(Patient.IDENTIFIER.exactly().systemAndIdentifier(number.getSystem(), number.getValue()))
        .returnBundle(Bundle.class).execute();
    holds("a patient is found by the number", idsOf(client, found).contains(patient.getIdElement().getIdPart()));
    Bundle tasks = client.search().forResource(Task.class)
        .where(Task.PATIENT.hasId(patient.getIdElement().toUnqualifiedVersionless()))
        .returnBundle(Bundle.class).execute();
    holds("a patient's tasks are found", idsOf(client, tasks).contains(id.getIdPart()));
  }

  private static void joins(IGenericClient client, Encounter encounter, List<Task> tasks) {
    String patient = encounter.getSubject().getReference();
    ICriterion<?> ofCase = Encounter.IDENTIFIER.exactly()
        .systemAndIdentifier(CASE_SYSTEM, encounter.getIdentifierFirstRep().getValue());
    Set<String> ofPatient = namesOf(tasks.stream().filter(each -> each.getFor().getReference().equals(patient)));
    Bundle including = client.search().forResource(Encounter.class).where(ofCase).include(Encounter.INCLUDE_SUBJECT)
        .returnBundle(Bundle.class).execute();
    holds("an include gives the patient of the one match",
        ofMode(including, Bundle.SearchEntryMode.MATCH).equals(namesOf(Stream.of(encounter)))
            && ofMode(including, Bundle.SearchEntryMode.INCLUDE).equals(Set.of(patient)));
    Bundle reverse = client.search().forResource(Patient.class)
        .where(Patient.RES_ID.exactly().code(new IdType(patient).getIdPart())).revInclude(Task.INCLUDE_PATIENT)
        .returnBundle(Bundle.class).execute();
    holds("a revinclude gives the tasks of the patient", ofPatient.size() == 4
        && ofMode(reverse, Bundle.SearchEntryMode.MATCH).equals(Set.of(patient))
        && ofMode(reverse, Bundle.SearchEntryMode.INCLUDE).equals(ofPatient));
    Bundle chained = client.search().forResource(Task.class).where(Task.ENCOUNTER.hasChainedProperty(ofCase))
        .returnBundle(Bundle.class).execute();
    holds("a chain gives the tasks of the case", ofMode(chained, Bundle.SearchEntryMode.MATCH).equals(ofPatient));
    Bundle having = client.search().forResource(Patient.class)
        .where(new TokenClientParam("_has:Encounter:subject:identifier").exactly()
            .systemAndIdentifier(CASE_SYSTEM, encounter.getIdentifierFirstRep().getValue()))
        .returnBundle(Bundle.class).execute();
    holds("a reverse chain gives the patient of the case", ofMode(having, Bundle.SearchEntryMode.MATCH).equals(Set.of(patient)));
  }

  private static void orders(IGenericClient client, List<Task> tasks) {
    List<Task> sorted = new ArrayList<>();
    Bundle page = client.search().forResource(Task.class).sort().ascending(Task.CODE).sort().descending("_lastUpdated").count(5)
        .returnBundle(Bundle.class).execute();
    for (; page != null; page = page.getLink(Bundle.LINK_NEXT) == null ? null : client.loadPage().next(page).execute()) {
      sorted.addAll(BundleUtil.toListOfResourcesOfType(client.getFhirContext(), page, Task.class));
    }
    boolean isInOrder = sorted.size() == tasks.size();
    int codes = 1;
    for (int each = 1; each < sorted.size(); ++each) {
      Task before = sorted.get(each - 1);
      Task after = sorted.get(each);
      int byCode = before.getCode().getCodingFirstRep().getCode().compareTo(after.getCode().getCodingFirstRep().getCode());
      isInOrder &= byCode < 0 || (byCode == 0 && !before.getMeta().getLastUpdated().before(after.getMeta().getLastUpdated()));
      codes += byCode == 0 ? 0 : 1;
    }
    holds("an order of two keys goes over pages", isInOrder && codes == 2
        && namesOf(sorted.stream()).equals(namesOf(tasks.stream())));
  }

  private static void totals(IGenericClient client, int tasks) {
    Bundle accurate = client.search().forResource(Task.class).totalMode(SearchTotalModeEnum.ACCURATE).count(2)
        .returnBundle(Bundle.class).execute();
    holds("a total is of all pages", accurate.getTotal() == tasks && accurate.getEntry().size() == 2);
    Bundle without = client.search().forResource(Task.class).count(2).returnBundle(Bundle.class).execute();
    holds("without it there is no total", !without.hasTotal());
    Bundle counted = client.search().forResource(Task.class).summaryMode(SummaryEnum.COUNT).returnBundle(Bundle.class).execute();
    holds("a count comes without entries", counted.getTotal() == tasks && counted.getEntry().isEmpty());
    Bundle cut = client.search().forResource(Task.class).elementsSubset("status").count(1).returnBundle(Bundle.class).execute();
    Task task = (Task) cut.getEntryFirstRep().getResource();
    holds("elements cut the others, and tell so", task.getStatus() == Task.TaskStatus.REQUESTED && !task.hasFor()
        && task.getMeta().getTag().stream().anyMatch(each -> each.getCode().equals("SUBSETTED")));
  }

  private static void previousPages(IGenericClient client) {
    Bundle first = client.search().forResource(Task.class).count(3).returnBundle(Bundle.class).execute();
    Bundle second = client.loadPage().next(first).execute();
    Bundle back = client.loadPage().previous(second).execute();
    holds("the first page has nothing before it", first.getLink(Bundle.LINK_PREV) == null && first.getLink("previous") == null);
    Set<String> ofFirst = namesOf(resourcesOf(first));
    holds("a previous link leads back",
        namesOf(resourcesOf(back)).equals(ofFirst) && !namesOf(resourcesOf(second)).equals(ofFirst));
  }

  private static void ofPatient(IGenericClient client, Encounter encounter, List<Task> tasks) {
    IdType patient = new IdType(encounter.getSubject().getReference());
    var everything = client.operation().onInstance(patient).named("$everything").withNoParameters(Parameters.class)
        .returnResourceType(Bundle.class);
    Bundle posted = everything.execute();
    List<String> types = resourcesOf(posted).map(each -> each.fhirType()).sorted().toList();
    holds("everything of a patient is there",
        types.equals(List.of("Communication", "Encounter", "Organization", "Patient", "Task", "Task", "Task", "Task")));
    Set<String> expected = namesOf(tasks.stream().filter(each -> each.getFor().getReference().equals(patient.getValue())));
    holds("and nothing of another", namesOf(resourcesOf(posted).filter(each -> each instanceof Task)).equals(expected));
    holds("it is the same by GET", namesOf(resourcesOf(everything.useHttpGet().execute())).equals(namesOf(resourcesOf(posted))));
    Bundle some = client.operation().onInstance(patient).named("$everything")
        .withParameter(Parameters.class, "_type", new CodeType("Encounter")).returnResourceType(Bundle.class).execute();
    holds("types of it may be asked for", namesOf(resourcesOf(some).filter(each -> each instanceof Encounter))
        .equals(namesOf(Stream.of(encounter))) && resourcesOf(some).noneMatch(each -> each instanceof Task));
    Bundle compartment = client.search().forResource(Patient.class).withIdAndCompartment(patient.getIdPart(), "Encounter")
        .returnBundle(Bundle.class).execute();
    holds("a compartment is searched", namesOf(resourcesOf(compartment)).equals(namesOf(Stream.of(encounter))));
  }

  private static void histories(IGenericClient client, Task before, IdType after) {
    Bundle ofOne = client.history().onInstance(after.toUnqualifiedVersionless()).returnBundle(Bundle.class).execute();
    List<String> versions = resourcesOf(ofOne).map(each -> each.getMeta().getVersionId()).toList();
    holds("a history has the versions, the newest first",
        versions.equals(List.of(after.getVersionIdPart(), before.getMeta().getVersionId())));
    Bundle ofType = client.history().onType(Task.class).returnBundle(Bundle.class).count(1).execute();
    IdType last = (IdType) ofType.getEntryFirstRep().getResource().getIdElement();
    holds("the history of the type begins with the last write", ofType.getEntry().size() == 1
        && last.getIdPart().equals(after.getIdPart()) && last.getVersionIdPart().equals(after.getVersionIdPart()));
  }

  private static void updates(IGenericClient client, Task task) {
    Task stale = task.copy();
    stale.setStatus(Task.TaskStatus.ACCEPTED);
    stale.setId(new IdType("Task", task.getIdElement().getIdPart(), "77"));
    try {
      client.update().resource(stale).execute();
      holds("another version is refused", false);
    } catch (PreconditionFailedException refused) {
      holds("another version is refused with an outcome", hasOutcome(refused));
    }
    Task before = task.copy();
    task.setStatus(Task.TaskStatus.ACCEPTED);
    IdType updated = (IdType) client.update().resource(task).execute().getId();
    holds("the version that was read is updated", !updated.getVersionIdPart().equals(before.getMeta().getVersionId()));
    histories(client, before, updated);
  }

  private static void refusals(IGenericClient client) {
    try {
      client.read().resource(Task.class).withId("00000000-0000-4000-8000-000000000000").execute();
      holds("what is not there is refused", false);
    } catch (ResourceNotFoundException refused) {
      holds("what is not there is refused with an outcome", hasOutcome(refused));
    }
    try {
      client.search().byUrl("Task?colour=blue").returnBundle(Bundle.class).execute();
      holds("an unknown parameter is refused", false);
    } catch (InvalidRequestException refused) {
      holds("an unknown parameter is refused with an outcome", hasOutcome(refused));
    }
  }

  public static void main(String[] arguments) {
    FhirContext context = FhirContext.forR4();
    IGenericClient client = context.newRestfulGenericClient(arguments[0]);  // it reads the capability statement by itself
    client.registerInterceptor(new BearerTokenAuthInterceptor(arguments[1]));
    CapabilityStatement capability = client.capabilities().ofType(CapabilityStatement.class).execute();
    holds("the capability statement lists Task",
        capability.getRestFirstRep().getResource().stream().anyMatch(each -> each.getType().equals("Task")));
    searches(client);
    Task task = (Task) search(client, 1, SearchStyleEnum.GET).getEntryFirstRep().getResource();
    task = client.read().resource(Task.class).withId(task.getIdElement().getIdPart()).execute();
    reads(client, task);
    List<Encounter> encounters = all(client, Encounter.class);
    List<Task> tasks = all(client, Task.class);
    Set<String> sent = IntStream.rangeClosed(1, Integer.parseInt(arguments[2])).mapToObj(each -> "C-M-" + each)
        .collect(Collectors.toSet());
    holds("each case that was sent is there once", encounters.size() == sent.size() && encounters.stream()
        .map(each -> each.getIdentifierFirstRep().getValue()).collect(Collectors.toSet()).equals(sent));
    joins(client, encounters.get(0), tasks);
    orders(client, tasks);
    totals(client, tasks.size());
    previousPages(client);
    ofPatient(client, encounters.get(0), tasks);
    updates(client, task);
    refusals(client);
    System.out.println(done + " hold");
  }
}
