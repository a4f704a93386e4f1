package io.credence.app;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The same pictures fed twice: scaled to 0–1 as in training, and with 1/255 forgotten.
 *
 * @param scaled what is said of pictures of 0–1
 * @param unscaled what is said of the same pictures as 0–255, at the same threshold
 */
record DemoUnscaled(DemoResult scaled, DemoResult unscaled) {

  private static final int ROWS = 5;
  private static final int WIDTH = 100;

  /** A softmax that people take for certain. */
  private static final double CERTAIN = 0.99;

  /** Prints some pictures line by line, what all of them come to, and how to read it. */
  void print(PrintWriter print) {
    print.printf(
        Locale.ROOT,
        "The same pictures fed twice: scaled to 0-1 as in training, and unscaled, 0-255 (%d passes, seed %d).%n"
            + "Entropy and mutual information in nats; high means uncertain. ? is \"don't know\".%n%n",
        scaled.plan().passes(),
        scaled.plan().seed());
    String columns =
        String.format("%8s%8s%9s%8s", "softmax", "mean p", "entropy", "mutual").stripTrailing();
    print.printf("%-18s  %-40s%s%n", "", "scaled, 0-1", "unscaled, 0-255");
    print.printf("%-18s%s       %s%n", "picture", columns, columns);
    rows(print, scaled.digits(), unscaled.digits());
    rows(print, scaled.others(), unscaled.others());
    print.println();
    totals().lines().forEach(print::println);
    print.printf("%nWhat to see:%n");
    sentences(print);
    print.printf("%nWhat the engine says of the unscaled pictures, which --strict refuses:%n");
    text(print, unscaled.warning().orElse("nothing"));
  }

  private void rows(PrintWriter print, List<DemoScore> first, List<DemoScore> second) {
    for (int i = 0; i < ROWS; i++) {
      print.printf(
          "%-18s%s    %s%n",
          first.get(i).picture().id(), cells(first.get(i)), cells(second.get(i)));
    }
  }

  private String cells(DemoScore score) {
    return String.format(
        Locale.ROOT,
        "%8.4f%8.4f%9.4f%8.4f  %s",
        score.softmax(),
        score.summary().maxProbability(),
        score.summary().predictiveEntropy(),
        score.summary().mutualInformation(),
        score.answered(scaled.threshold()) ? score.answer(scaled.threshold()) : "?");
  }

  private TextTable totals() {
    TextTable table = new TextTable("");
    table.row(scaled.digits().size() + " pictures of each kind", "scaled", "unscaled");
    both(table, "digits recognised", DemoUnscaled::recognised);
    both(table, "no digit, softmax of one pass above 0.99", DemoUnscaled::certain);
    both(
        table,
        "no digit, answered",
        result ->
            percent(
                DemoResult.percent(result.others(), score -> score.answered(scaled.threshold()))));
    both(table, "no digit, mean expected entropy", result -> number(expectedEntropy(result)));
    both(table, "no digit, mean mutual information", result -> number(information(result)));
    for (DemoMeasure measure : DemoMeasure.values()) {
      both(table, "AUROC, " + measure.title(), result -> number(measure.auroc(result)));
    }
    return table;
  }

  private void both(TextTable table, String name, Function<DemoResult, String> told) {
    table.row(name, told.apply(scaled), told.apply(unscaled));
  }

  private void sentences(PrintWriter print) {
    text(
        print,
        String.format(
            Locale.ROOT,
            "Unscaled, the model recognises %s of the digits, and scaled %s: a test on digits says"
                + " little about this mistake.",
            recognised(unscaled),
            recognised(scaled)));
    text(
        print,
        String.format(
            Locale.ROOT,
            "But one unscaled pass is more than 0.99 sure of %s of the pictures with no digit, and"
                + " one scaled pass of %s: the AUROC of its softmax is %.3f instead of %.3f, and a"
                + " coin has 0.5.",
            certain(unscaled),
            certain(scaled),
            DemoMeasure.SOFTMAX.auroc(unscaled),
            DemoMeasure.SOFTMAX.auroc(scaled)));
    text(
        print,
        String.format(
            Locale.ROOT,
            "What is left of doubt is how far passes contradict each other: of pictures with no"
                + " digit each is unsure by %.3f nats instead of %.3f, while mutual information is"
                + " %.3f nats instead of %.3f, and its AUROC %.3f.",
            expectedEntropy(unscaled),
            expectedEntropy(scaled),
            information(unscaled),
            information(scaled),
            DemoMeasure.MUTUAL_INFORMATION.auroc(unscaled)));
  }

  private static String recognised(DemoResult result) {
    return percent(DemoResult.percent(result.digits(), DemoScore::right));
  }

  private static String certain(DemoResult result) {
    Predicate<DemoScore> certain = score -> score.softmax() > CERTAIN;
    return percent(DemoResult.percent(result.others(), certain));
  }

  private static double expectedEntropy(DemoResult result) {
    return result.others().stream()
        .mapToDouble(score -> score.summary().expectedEntropy())
        .average()
        .orElse(0);
  }

  private static double information(DemoResult result) {
    return result.others().stream()
        .mapToDouble(DemoMeasure.MUTUAL_INFORMATION::of)
        .average()
        .orElse(0);
  }

  private static void text(PrintWriter print, String text) {
    TextTable.wrap(text, "  ", WIDTH).forEach(print::println);
  }

  private static String percent(double value) {
    return String.format(Locale.ROOT, "%.1f %%", value);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }
}
