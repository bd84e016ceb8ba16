package dev.murmuration.evaluator.benchmark;

import dev.murmuration.stage.store.Fetched;

/** The files of a benchmark in a folder or in the store. Paths are relative, use {@code /} and never leave the benchmark. */
public interface BenchmarkFiles {

    /** The benchmark's name: the last part of its location. */
    String name();

    /** Its location, for messages. */
    String place();

    /**
     * The bytes of one file.
     *
     * @param limitBytes larger files are damaged
     */
    Fetched<byte[]> read(String path, long limitBytes);

    /** A fingerprint that changes when a file is added, removed or changed, taken without reading the photos. */
    String state();
}
