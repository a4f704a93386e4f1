package org.rapaio.jupyter.kernel.channels;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Stands before the class of this name in rapaio-jupyter-kernel 3.0.1, which two races end before
 * the first message: it says that it runs only after it was started, and messages that come before
 * the kernel knows what to do with them throw. Decision 0013 says when this class can go.
 */
public final class LoopThread extends Thread {

  private static final Logger LOG = System.getLogger(LoopThread.class.getName());

  private final long sleep;
  private final Runnable body;
  private volatile boolean running = true;

  /**
   * Makes a thread that does not run yet.
   *
   * @param name its name
   * @param sleep milliseconds between two rounds, ≥ 0
   * @param body what a round does
   */
  public LoopThread(String name, long sleep, Runnable body) {
    super(name);
    this.sleep = sleep;
    this.body = body;
  }

  /** Runs rounds until {@link #shutdown()}, also after one that failed. */
  @Override
  public void run() {
    while (running) {
      try {
        body.run();
        Thread.sleep(sleep);
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.log(Level.INFO, getName() + " passes over a message", e);
      }
    }
  }

  /** Lets the round at hand be the last. */
  public void shutdown() {
    running = false;
  }
}
