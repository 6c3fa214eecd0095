package dev.pictj.engine.child;

import java.nio.file.Path;

/**
 * Where child processes work.
 *
 * @param folder an existing one, in which each of them gets a temp folder
 * @param sandbox what surrounds each of them
 */
public record Workplace(Path folder, PendingSandbox sandbox) {}
