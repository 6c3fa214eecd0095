package dev.pictj.fidelity;

/** What renders. */
enum Engine {
  /** libvips in worker processes, and ImageMagick for what those leave to it. */
  WORKER("auto"),
  /** The same in the moments after a start, before a worker process is there. */
  WORKER_NOT_AWAKE("auto"),
  /** ImageMagick alone. */
  IMAGEMAGICK("imagemagick");

  final String setting;

  Engine(String setting) {
    this.setting = setting;
  }

  /** What is tried with it; before a worker is awake, only what is made in that moment. */
  Way[] ways() {
    return this == WORKER_NOT_AWAKE ? Way.BARE : Way.values();
  }
}
