package dev.murmuration.evaluator.model;

import java.nio.file.Path;

/**
 * A student that can be loaded.
 *
 * @param folder its folder, or its one file
 * @param identity which one it is
 */
public record ResolvedStudent(Path folder, StudentIdentity identity) {}
