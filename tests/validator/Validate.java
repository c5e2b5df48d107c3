import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.hl7.fhir.r5.elementmodel.Manager.FhirFormat;
import org.hl7.fhir.utilities.validation.ValidationMessage;
import org.hl7.fhir.validation.ValidationEngine;

/**
 * Validate MODELS FILE..: holds FHIR R4 resources in JSON against HL7's definitions and the profiles of the folder MODELS.
 * One line an issue: file, severity, place, sentence, separated by tabs. Exit code 1 when one is an error.
 */
public class Validate {
  public static void main(String[] args) throws Exception {
    ValidationEngine engine =
        new ValidationEngine.ValidationEngineBuilder().withVersion("4.0.1").withNoTerminologyServer().fromSource("hl7.fhir.r4.core#4.0.1");
    engine.getIgLoader().loadIg(engine.getIgs(), new HashMap<>(), args[0], true);
    boolean failed = false;
    for (String file : List.of(args).subList(1, args.length)) {
      List<ValidationMessage> messages = new ArrayList<>();
      engine.validate(Files.readAllBytes(Path.of(file)), FhirFormat.JSON, new ArrayList<>(), messages);
      for (ValidationMessage each : messages) {
        failed |= each.getLevel().isError();
        System.out.println("issue\t" + file + "\t" + each.getLevel().toCode() + "\t" + each.getLocation() + "\t" + each.getMessage());
      }
    }
    System.exit(failed ? 1 : 0);
  }
}
