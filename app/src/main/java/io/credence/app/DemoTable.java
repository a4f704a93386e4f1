package io.credence.app;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Prints the result of the demo: some pictures line by line, then what all of them come to. */
final class DemoTable {

  private final DemoResult result;
  private final PrintWriter print;

  DemoTable(DemoResult result, PrintWriter print) {
    this.result = result;
    this.print = print;
  }

  void print(int rows, double coverage) {
    print.printf(
        Locale.ROOT,
        "Street digits, and pictures with no digit, scored by MC dropout (%d passes, seed %d).%n"
            + "Entropy and mutual information in nats; high means uncertain.%n%n",
        result.plan().passes(),
        result.plan().seed());
    print.printf(
        "%-22s %8s %8s %10s %10s  %s%n",
        "picture", "softmax", "mean p", "predictive", "mutual", "answer");
    print.printf("%-22s %8s %8s %10s %10s%n", "", "one pass", "max", "entropy", "inform.");
    Stream.concat(result.digits().stream().limit(rows), result.others().stream().limit(rows))
        .forEach(this::row);
    threshold(coverage);
    auroc();
  }

  private void row(DemoScore score) {
    print.printf(
        Locale.ROOT,
        "%-22s %8.4f %8.4f %10.4f %10.4f  %s%n",
        score.picture().id(),
        score.softmax(),
        score.summary().maxProbability(),
        score.summary().predictiveEntropy(),
        score.summary().mutualInformation(),
        score.answer(result.threshold()));
  }

  private void threshold(double coverage) {
    Predicate<DemoScore> answered = score -> score.answered(result.threshold());
    print.printf(
        Locale.ROOT,
        "%nAnswered below a predictive entropy of %.4f nats: where %.0f %% of other digits lie.%n",
        result.threshold(),
        100 * coverage);
    print.printf(
        Locale.ROOT,
        "  of %d digits       %5.1f %% answered, %.1f %% of the answers right%n",
        result.digits().size(),
        DemoResult.percent(result.digits(), answered),
        DemoResult.percent(result.digits().stream().filter(answered).toList(), DemoScore::right));
    print.printf(
        Locale.ROOT,
        "  of %d with no digit %4.1f %% answered; %.1f %% have a one-pass softmax above 0.9%n",
        result.others().size(),
        DemoResult.percent(result.others(), answered),
        DemoResult.percent(result.others(), score -> score.softmax() > 0.9));
  }

  private void auroc() {
    print.printf(
        Locale.ROOT,
        "%nAUROC of \"has a digit\", %d pictures of each kind (1 is perfect, 0.5 is a coin)%n"
            + "  max softmax of one pass   %.4f%n  max mean probability      %.4f%n"
            + "  predictive entropy        %.4f%n",
        result.digits().size(),
        DemoMeasure.SOFTMAX.auroc(result),
        DemoMeasure.MEAN_PROBABILITY.auroc(result),
        DemoMeasure.PREDICTIVE_ENTROPY.auroc(result));
  }
}
