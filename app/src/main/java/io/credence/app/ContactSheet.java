package io.credence.app;

import static io.credence.app.DemoDrawing.COLUMNS;
import static io.credence.app.DemoDrawing.MARGIN;
import static io.credence.app.DemoDrawing.RIGHT;

import java.awt.image.BufferedImage;
import java.util.List;

/**
 * The demo in one picture: digits on the left, pictures with no digit on the right, each with the
 * softmax of one pass and with what Credence says; below, how each score spreads over the two
 * kinds.
 */
final class ContactSheet {

  private static final int ROWS = 4;
  private static final int TILE_STEP_Y = 132;
  private static final int TILES_TOP = 118;
  private static final int CHARTS_TOP = TILES_TOP + ROWS * TILE_STEP_Y + 44;
  private static final int CHART_HEIGHT = 150;
  private static final int HEIGHT = CHARTS_TOP + CHART_HEIGHT + 70;

  private final DemoResult result;

  ContactSheet(DemoResult result) {
    this.result = result;
  }

  BufferedImage draw() {
    DemoDrawing sheet = new DemoDrawing(HEIGHT);
    sheet.text(
        "Is there a digit? What one softmax says, and what Credence says",
        MARGIN,
        44,
        26,
        DemoDrawing.TEXT);
    sheet.text("Pictures of a digit", MARGIN, 84, 20, DemoDrawing.DIGIT);
    sheet.text("Pictures of no digit", RIGHT, 84, 20, DemoDrawing.OTHER);
    sheet.text(
        "Grey: softmax of one pass. H: predictive entropy of the passes, in nats. Coloured: the answer, or ? for don't know.",
        MARGIN,
        106,
        13,
        DemoDrawing.MUTED);
    tiles(sheet, result.digits(), MARGIN);
    tiles(sheet, result.others(), RIGHT);
    chart(sheet, "Max softmax of one pass", DemoMeasure.SOFTMAX, MARGIN);
    chart(sheet, "Predictive entropy of the passes", DemoMeasure.PREDICTIVE_ENTROPY, RIGHT);
    sheet.threshold(result.threshold(), RIGHT, CHARTS_TOP, CHART_HEIGHT);
    return sheet.done();
  }

  private void tiles(DemoDrawing sheet, List<DemoScore> scores, int left) {
    for (int i = 0; i < Math.min(COLUMNS * ROWS, scores.size()); i++) {
      int x = left + i % COLUMNS * DemoDrawing.TILE_STEP_X;
      sheet.tile(scores.get(i), result.threshold(), x, TILES_TOP + i / COLUMNS * TILE_STEP_Y);
    }
  }

  private void chart(DemoDrawing sheet, String title, DemoMeasure measure, int left) {
    sheet.chart(title, measure, result, left, CHARTS_TOP, CHART_HEIGHT);
    sheet.text(
        "share of pictures, root scale",
        left + 190,
        CHARTS_TOP + CHART_HEIGHT + 44,
        13,
        DemoDrawing.MUTED);
  }
}
