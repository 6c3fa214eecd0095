package dev.pictj.engine;

import dev.pictj.media.Probed;
import java.nio.file.Path;

/** Gives first frames of videos, and is asked for nothing else. */
public abstract class FirstFrames implements VideoEngine {
  @Override
  public void toApng(Path source, Probed probed, Path output) {
    throw new AssertionError("nothing is transcoded");
  }

  @Override
  public void toAvif(Path apng, Probed probed, Path output) {
    throw new AssertionError("nothing is transcoded");
  }

  @Override
  public void store(Path source, Probed probed, Path output) {
    throw new AssertionError("nothing is transcoded");
  }
}
