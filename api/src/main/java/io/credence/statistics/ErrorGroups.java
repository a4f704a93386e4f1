package io.credence.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The sums of G groups of passes, pass t in group t mod G, for the jackknife over groups. */
final class ErrorGroups {

  private final ClassificationSums[] groups;

  ErrorGroups(int count, int inputs, int classes) {
    groups = new ClassificationSums[count];
    Arrays.setAll(groups, g -> new ClassificationSums(inputs, classes));
  }

  int count() {
    return groups.length;
  }

  /** The sums that a pass goes to. */
  ClassificationSums of(long pass) {
    return groups[(int) (pass % groups.length)];
  }

  void merge(ErrorGroups other) {
    for (int g = 0; g < groups.length; g++) {
      groups[g].merge(other.groups[g]);
    }
  }

  /** What the groups say of the errors of one input, whose summary without errors is given. */
  SamplingError errorOf(int input, ClassificationSummary whole) {
    List<ClassificationSums> filled = new ArrayList<>();
    for (ClassificationSums group : groups) {
      if (group.samples() > 0) {
        filled.add(group.of(input));
      }
    }
    long[] sizes = filled.stream().mapToLong(ClassificationSums::samples).toArray();
    for (long size : sizes) {
      if (whole.samples() - size < 2) {
        return SamplingError.NONE;
      }
    }
    if (sizes.length < 2) {
      return SamplingError.NONE;
    }
    List<ClassificationSummary> left = leaveOneOut(filled);
    Map<Measure, Jackknife> measures = new EnumMap<>(Measure.class);
    for (Measure measure : Measure.values()) {
      double[] values = left.stream().mapToDouble(measure::of).toArray();
      measures.put(measure, Jackknife.of(measure.of(whole), values, sizes));
    }
    return new SamplingError(sizes.length, measures);
  }

  /** The summaries without each group in turn: G merges forwards, G backwards, no subtraction. */
  private static List<ClassificationSummary> leaveOneOut(List<ClassificationSums> groups) {
    int count = groups.size();
    int classes = groups.get(0).classes();
    ClassificationSums[] before = new ClassificationSums[count];
    before[0] = new ClassificationSums(1, classes);
    for (int g = 1; g < count; g++) {
      before[g] = before[g - 1].of(0);
      before[g].merge(groups.get(g - 1));
    }
    ClassificationSums after = new ClassificationSums(1, classes);
    ClassificationSummary[] left = new ClassificationSummary[count];
    for (int g = count - 1; g >= 0; g--) {
      before[g].merge(after);
      left[g] = new ClassificationSummary(before[g]);
      after.merge(groups.get(g));
    }
    return List.of(left);
  }
}
