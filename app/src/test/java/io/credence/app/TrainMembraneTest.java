package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network of pixels, trained on drawn lines. */
class TrainMembraneTest {

  private static final int SIZE = 64;

  @TempDir Path folder;

  /** Dark lines on bright noise, and the same lines as the truth. */
  private Path pictures(int count) throws IOException {
    Path data = folder.resolve("data");
    Files.createDirectories(data.resolve("image"));
    Files.createDirectories(data.resolve("label"));
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < count; i++) {
      BufferedImage image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_BYTE_GRAY);
      BufferedImage label = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_BYTE_GRAY);
      for (int p = 0; p < SIZE * SIZE; p++) {
        int grey = 170 + random.nextInt(60);
        image.setRGB(p % SIZE, p / SIZE, new Color(grey, grey, grey).getRGB());
        label.setRGB(p % SIZE, p / SIZE, Color.WHITE.getRGB());
      }
      for (int line = 0; line < 4; line++) {
        int from = random.nextInt(SIZE);
        int to = random.nextInt(SIZE);
        for (BufferedImage each : List.of(image, label)) {
          Graphics2D g = each.createGraphics();
          g.setColor(each == image ? Color.DARK_GRAY : Color.BLACK);
          g.setStroke(new java.awt.BasicStroke(4));
          g.drawLine(from, 0, to, SIZE);
          g.dispose();
        }
      }
      ImageIO.write(image, "png", data.resolve("image/" + i + ".png").toFile());
      ImageIO.write(label, "png", data.resolve("label/" + i + ".png").toFile());
    }
    return data;
  }

  @Test
  void train_drawnLines_areFound_andTheModelAnswersPixels() throws IOException {
    Path out = folder.resolve("lines");
    CommandRun run =
        CommandRun.done("train", "membrane", "--data", pictures(6), "--out", out, "--epochs", 12);
    String row =
        run.out().lines().filter(l -> l.startsWith("predictive entropy")).findFirst().orElseThrow();
    double wrong = Double.parseDouble(row.replaceFirst(".* passes +", "").split(" +", -1)[0]);
    assertTrue(wrong < 10, row); // a quarter of the pixels are lines
    assertTrue(ImageIO.read(folder.resolve("lines.png").toFile()).getWidth() > 500);
    String report = CommandRun.done("inspect", "--model", out).out();
    assertTrue(report.contains("3 "), report);
    assertTrue(report.contains("0.3"), report);
  }

  @Test
  void train_dataThatIsNone_isRefused() throws IOException {
    Path out = folder.resolve("none");
    CommandRun.of("train", "membrane", "--out", out).assertRefused("needs --data DIR");
    CommandRun.of("train", "membrane", "--data", folder, "--out", out)
        .assertRefused("holds no folder \"image\"");
    CommandRun.of("train", "membrane", "--data", pictures(1), "--out", out)
        .assertRefused("holds one picture");
    Files.delete(folder.resolve("data/label/0.png"));
    CommandRun run =
        CommandRun.of("train", "membrane", "--data", folder.resolve("data"), "--out", out);
    assertEquals(2, run.exitCode(), run.out());
    assertTrue(run.err().contains("0.png"), run.err());
  }
}
