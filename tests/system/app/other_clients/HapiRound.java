import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.api.SearchStyleEnum;
import ca.uhn.fhir.rest.client.api.IGenericClient;
import ca.uhn.fhir.rest.client.interceptor.BearerTokenAuthInterceptor;
import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import ca.uhn.fhir.rest.server.exceptions.InvalidRequestException;
import ca.uhn.fhir.rest.server.exceptions.PreconditionFailedException;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Task;

/** A round with HAPI FHIR's generic client: arguments are the base URL and the token. */
final class HapiRound {
  private static final String REQUESTED = "Task?owner=SE2120990011-HSV1&status=requested";
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
    task.setStatus(Task.TaskStatus.ACCEPTED);
    IdType updated = (IdType) client.update().resource(task).execute().getId();
    holds("the version that was read is updated", !updated.getVersionIdPart().equals(task.getMeta().getVersionId()));
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
    updates(client, task);
    refusals(client);
    System.out.println(done + " hold");
  }
}
