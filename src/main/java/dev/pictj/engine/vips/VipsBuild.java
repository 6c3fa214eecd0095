package dev.pictj.engine.vips;

import java.util.function.Predicate;

/**
 * What a libvips was built with.
 *
 * @param version of it
 * @param known whether it has an operation of this name
 */
record VipsBuild(String version, Predicate<String> known) {}
