package io.credence.app;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which module may know which. */
class ArchitectureTest {

  private static final String[] API = {
    "io.credence", "io.credence.statistics", "io.credence.decision", "io.credence.calibration"
  };
  private static final String ENGINE = "io.credence.tensorflow..";
  private static final String MODELS = "io.credence.models..";
  private static final String APP = "io.credence.app..";

  private static final DescribedPredicate<JavaClass> TENSORFLOW =
      resideInAPackage("org.tensorflow..").and(resideOutsideOfPackage("org.tensorflow.ndarray.."));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.credence");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "io.credence.SamplingPlan",
        "io.credence.statistics.ClassificationMoments",
        "io.credence.decision.OutOfDistribution",
        "io.credence.calibration.ScoringRules",
        "io.credence.tensorflow.SavedModelEngine",
        "io.credence.models.CnnRecipe",
        "io.credence.models.data.IdxFile",
        "io.credence.app.CredenceCommand"
      })
  void everyModule_isLookedAt(String name) {
    assertTrue(CLASSES.contain(name));
  }

  @Test
  void tensorFlow_isKnownToEngineAndModelsOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ENGINE, MODELS)
        .should()
        .dependOnClassesThat(TENSORFLOW)
        .check(CLASSES);
  }

  @Test
  void api_knowsNoOtherModule() {
    noClasses()
        .that()
        .resideInAnyPackage(API)
        .should()
        .dependOnClassesThat(resideInAnyPackage(ENGINE, MODELS, APP))
        .check(CLASSES);
  }

  @Test
  void engine_knowsNeitherModelsNorApp() {
    noClasses()
        .that()
        .resideInAPackage(ENGINE)
        .should()
        .dependOnClassesThat(resideInAnyPackage(MODELS, APP))
        .check(CLASSES);
  }

  @Test
  void models_knowNeitherEngineNorApp() {
    noClasses()
        .that()
        .resideInAPackage(MODELS)
        .should()
        .dependOnClassesThat(resideInAnyPackage(ENGINE, APP))
        .check(CLASSES);
  }

  @Test
  void packages_haveNoCycle() {
    SlicesRuleDefinition.slices()
        .assignedFrom(new Parts())
        .should()
        .beFreeOfCycles()
        .check(CLASSES);
  }

  /** The packages of the api count as one: its root joins what the others compute. */
  private static final class Parts implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
      String name = javaClass.getPackageName();
      return resideInAnyPackage(API).test(javaClass)
          ? SliceIdentifier.of("api")
          : SliceIdentifier.of(name);
    }

    @Override
    public String getDescription() {
      return "packages, those of the api as one";
    }
  }
}
