package io.credence.app;

import static io.credence.app.DemoDrawing.COLUMNS;
import static io.credence.app.DemoDrawing.MARGIN;
import static io.credence.app.DemoDrawing.RIGHT;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;

/**
 * The same pictures twice: on the left fed as in training, on the right without 1/255; below, how
 * each score spreads over digits and pictures with no digit.
 */
final class UnscaledSheet {

  private static final int TILES_TOP = 118;
  private static final int TILE_STEP_Y = 132;
  private static final int CHARTS_TOP = TILES_TOP + 2 * TILE_STEP_Y + 44;
  private static final int CHART_HEIGHT = 90;
  private static final int CHART_STEP = 158;
  private static final int HEIGHT =
      CHARTS_TOP + DemoMeasure.values().length * CHART_STEP - CHART_STEP + CHART_HEIGHT + 44;

  private final DemoUnscaled both;

  UnscaledSheet(DemoUnscaled both) {
    this.both = both;
  }

  BufferedImage draw() {
    DemoDrawing sheet = new DemoDrawing(HEIGHT);
    sheet.text(
        "The same pictures fed as in training, and with 1/255 forgotten",
        MARGIN,
        44,
        26,
        DemoDrawing.TEXT);
    sheet.text("Pixels of 0-1, as in training", MARGIN, 84, 20, DemoDrawing.TEXT);
    sheet.text("Pixels of 0-255, unscaled", RIGHT, 84, 20, DemoDrawing.TEXT);
    sheet.text(
        "Grey: softmax of one pass. H: predictive entropy of the passes, in nats. Coloured: the answer, or ? for don't know.",
        MARGIN,
        106,
        13,
        DemoDrawing.MUTED);
    half(sheet, both.scaled(), MARGIN);
    half(sheet, both.unscaled(), RIGHT);
    return sheet.done();
  }

  private static void half(DemoDrawing sheet, DemoResult result, int left) {
    tiles(sheet, result.digits(), result.threshold(), left, TILES_TOP);
    tiles(sheet, result.others(), result.threshold(), left, TILES_TOP + TILE_STEP_Y);
    int top = CHARTS_TOP;
    for (DemoMeasure measure : DemoMeasure.values()) {
      String title =
          measure.title().substring(0, 1).toUpperCase(Locale.ROOT) + measure.title().substring(1);
      sheet.chart(title, measure, result, left, top, CHART_HEIGHT);
      if (measure == DemoMeasure.PREDICTIVE_ENTROPY) {
        sheet.threshold(result.threshold(), left, top, CHART_HEIGHT);
      }
      top += CHART_STEP;
    }
  }

  private static void tiles(
      DemoDrawing sheet, List<DemoScore> scores, double threshold, int left, int top) {
    for (int i = 0; i < Math.min(COLUMNS, scores.size()); i++) {
      sheet.tile(scores.get(i), threshold, left + i * DemoDrawing.TILE_STEP_X, top);
    }
  }
}
