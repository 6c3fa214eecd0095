package dev.pictj.engine;

import dev.pictj.media.Probed;
import java.nio.file.Path;
import java.time.Duration;

/** Stands where another engine would be asked to help, and says that it was. */
public final class Nobody implements ImageEngine {
  @Override
  public Verification verify(Path source, Probed probed) throws EngineException {
    throw new EngineException("asked the reference engine to verify");
  }

  @Override
  public Verification verify(Path source, Probed probed, Duration atMost) throws EngineException {
    return verify(source, probed);
  }

  @Override
  public void render(RenderRequest request, Path output) throws EngineException {
    throw new EngineException("asked the reference engine to render");
  }
}
